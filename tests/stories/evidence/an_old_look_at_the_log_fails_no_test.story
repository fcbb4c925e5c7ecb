# N14: where the policy wants the witnesses to have looked at the log a short time ago, only what comes behind that check does not run later; nor
# does what has to install while the pool takes no orders.
use packages
needs root
needs clamd
needs faketime
$ for key in log w1 w2; do sallyport key create -o "$key.key" >/dev/null || exit; done
> edited policy.json 'key = {name: open(name + ".key.pub").read() for name in ("log", "w1", "w2")}
> p["log"] = {"origin": "log.example/packages", "key": key["log"], "quorum": 2, "cosignature_age_hours_max": 24,
>             "witnesses": [{"name": name + ".example", "key": key[name]} for name in ("w1", "w2")]}
> import time; day = lambda n: ["mon", "tue", "wed", "thu", "fri", "sat", "sun"][(time.gmtime().tm_wday + n) % 7]
> p["pools"][0]["windows"] = [{"days": [day(n) for n in range(3)], "from": "00:00", "until": "24:00"}]' >p && mv p policy.json
> clamd_here && verdict 1 && verdict 2 && clamd_gone && sallyport log create --log log --origin log.example/packages --key file:log.key >/dev/null
> sallyport node init --root node --policy policy.json --node node-1 --pool pool-1 >/dev/null
> for n in 1 2; do order $n --sequence $n && logged $n && installs $n || exit; done
> sallyport evidence run --root node -o today >today.txt && ! grep '^FAIL' today.txt && grep -c '^PASS     RTC-b' today.txt
| 2
$ faketime -f +2d sallyport evidence run --root node -o late >late.txt && ! grep '^FAIL' late.txt
> grep -A1 '^NOT RUN  RX-1.order-replayed' late.txt && grep -A1 '^NOT RUN  RTC-b.install' late.txt && grep '^PASS     RX-1.one-approval-short' late.txt
stdout 'checkpoint-too-old'
$ faketime -f +4d sallyport evidence run --root node -o closed >closed.txt && ! grep '^FAIL' closed.txt
> grep -A1 '^NOT RUN  RTC-b.install' closed.txt
stdout 'outside-allowed-hours: the pool takes orders at other times'
