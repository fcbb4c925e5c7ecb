# H08: an engine that knows more finds what runs already; persons recall it, and the node never starts it again.
use installed
$ mkdir store rescanned cache && cp 1.csar 2.csar store && clamd_here
> echo --store store --verdicts rescanned --policy policy.json --key file:intake.key --clamd clamd/clamd.sock --cache cache >args
> sallyport intake rescan $(cat args)
stdout '1.csar       clean'
stdout '2.csar       clean'
# With the same database there is nothing to look for.
$ sallyport intake rescan $(cat args)
stdout '1.csar       clean, known by these databases'
$ sallyport intake rescan $(cat args) --dry-run --json
json .result.packages[0].known true
# Under another policy, or with lists of revoked certificates, it is.
$ python3 -c 'import json; p = json.load(open("policy.json")); p["version"] += 1; json.dump(p, open("later.json", "w"))'
> cp -r rescanned others && sallyport intake rescan $(sed 's/policy.json/later.json/; s/rescanned/others/' args)
! stdout 'known by'
# What ends it is told, after what was seen.
$ mkdir store/0.csar && refuses 2 file-missing intake rescan $(cat args) --json; rmdir store/0.csar; python3 -m json.tool refusal.json >/dev/null
$ mkdir store/9.csar && { sallyport intake rescan $(cat args) || true; } && rmdir store/9.csar
stdout '2.csar       clean'
# The next database knows a content of release 1, which runs.
$ clamd_gone && rm -r clamd && sed 's/^echo "Eicar-Test-Signature:.*/&\necho "Old-Release:0:*:72656c6561736520310a" >>"$dir\/database\/sallyport.ndb"/' \
>   "$REPO/tools/demo/clamd" >knowing_clamd && chmod +x knowing_clamd && (./knowing_clamd "$PWD/clamd" >/dev/null 2>&1 & echo $! >clamd.pid)
> for _ in $(seq 200); do if [ -S clamd/clamd.sock ]; then break; fi; sleep 0.05; done
> refuses 3 malware-found intake rescan $(cat args)
> cp "rescanned/$(sha256sum 1.csar | cut -c 1-64).verdict" hit.verdict && cp "rescanned/$(sha256sum 2.csar | cut -c 1-64).verdict" miss.verdict
> sallyport intake show hit.verdict --policy policy.json
stdout 'malware-found release'
$ sallyport verify miss.verdict --policy policy.json >/dev/null
> propose() { sallyport recall propose --policy policy.json --pool pool-1 --as alice --key file:alice.key "$@"; }
> propose --verdict hit.verdict --sequence 5 -o r.recall
> refuses 2 usage-error recall propose --policy policy.json --pool pool-1 --as alice --key file:alice.key --verdict miss.verdict -o none.recall
stdout 'reason       release: '
stdout 'a recall cannot be undone'
# It takes the approvals that an order takes, on the desk and on the node.
$ refuses 4 approvals-missing node recall r.recall --root node
> refuses 4 approver-is-proposer recall approve r.recall --policy policy.json --as alice --key file:alice.key
> for p in bob carol; do sallyport recall approve r.recall --policy policy.json --as $p --key file:$p.key | grep -c 'a recall cannot be undone' || exit; done
> refuses 4 approver-counted-twice recall approve r.recall --policy policy.json --as bob --key file:bob.key
> sallyport recall review r.recall --policy policy.json
stdout 'standing     granted'
stdout 'a recall cannot be undone'
stdout 'node recall r.recall'
$ sallyport verify r.recall --policy policy.json
stdout 'recall signature'
$ rehearses node recall r.recall --root node >/dev/null && sallyport node recall r.recall --root node
stdout 'generations  1'
stdout 'ALARM: the active generation has what was recalled'
$ sallyport node recall r.recall --root node
stdout 'nothing: the node knew it'
$ sallyport node status --root node
stdout 'recalls      1'
stdout 'content-recalled'
$ refuses 3 content-recalled node verify --root node && refuses_install 3 content-recalled 1 && grep -c '"activity":"node-recall".*"code":"content-recalled"' node/events.jsonl
| 2
# Another release goes in, and nobody comes back.
$ installs 2 && refuses 3 content-recalled node rollback --root node && active
| 2
$ sallyport node verify --root node >/dev/null && sallyport node status --root node
! stdout 'content-recalled'
# Recalls only add up: one of a lower number counts as well, none has a number far ahead, and one that is gone stops every start.
$ refuses 3 recall-malformed recall propose --policy policy.json --pool pool-1 --as alice --key file:alice.key --verdict hit.verdict --sequence 9000000000000000 -o far.recall
> refuses 2 usage-error recall propose --policy policy.json --pool pool-1 --as alice --key file:alice.key --verdict hit.verdict --sequence 0 -o far.recall
> refuses 2 usage-error recall propose --policy policy.json --pool pool-1 --as alice --key file:alice.key --verdict hit.verdict --sequence 9223372036854775808 -o far.recall
$ sallyport recall propose --policy policy.json --pool pool-1 --as alice --key file:alice.key --verdict hit.verdict --sequence 4 -o old.recall >/dev/null
> for p in bob carol; do sallyport recall approve old.recall --policy policy.json --as $p --key file:$p.key >/dev/null || exit; done
> sallyport node recall old.recall --root node >/dev/null && sallyport node status --root node | grep -c "recalls      2"
| 1
$ mkdir gone && mv node/recalls/*.dsse gone && refuses 3 trust-file-damaged node verify --root node && ! sallyport node fsck --root node
stdout 'trust-file-damaged'
