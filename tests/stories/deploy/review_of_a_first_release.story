# Of a first release a person reads what gives power, one by one, and the rest by folder; the whole list is there for who wants it.
use verdicts
needs root
$ mkdir -p big/usr/bin big/usr/lib/demo big/etc && cp /bin/true big/usr/bin/demo && cp /bin/true big/usr/bin/sudoish && chmod 4755 big/usr/bin/sudoish
> cp /bin/true big/usr/bin/groupish && chmod 2755 big/usr/bin/groupish && cp /bin/true big/usr/bin/python3.11
> for n in $(seq 300); do echo "$n" >"big/usr/lib/demo/table-$n"; done && ln -s demo big/usr/bin/alias
> package 9 big 9 --services services.json && clamd_here && verdict 9 && clamd_gone && proposal 9
> sallyport deploy review 9.order --policy policy.json --package 9.csar >screen && test "$(wc -l <screen)" -lt 60 && cat screen
stdout '304 files, 5 folders and 1 link'
stdout '! setuid file: usr/bin/sudoish, runs as user 0'
stdout '! setgid file: usr/bin/groupish, runs as group 0'
stdout '! interpreter: usr/bin/python3.11'
stdout '! service: demo, /usr/bin/demo'
stdout '! runs as root: demo'
stdout '! service capability: demo, cap_net_admin'
stdout '! host network: demo'
stdout '! port: demo, sctp 36412'
stdout 'usr/bin/                         4 programs, 1 link, 1 folder'
stdout '300 files, 1 folder'
stdout 'Next: sallyport deploy approve'
! stdout 'table-17'
$ sallyport deploy review 9.order --policy policy.json --package 9.csar --full
stdout '+ usr/lib/demo/table-17'
stdout '+ usr/lib/demo/table-300'
# Each with all that it is.
stdout '+ usr/bin/alias: type link, mode 0777, owner 0:0, target demo'
stdout '+ service demo: argv /usr/bin/demo, user 0:0, capabilities cap_net_admin, network host'
# For programs it is complete.
$ sallyport deploy review 9.order --policy policy.json --package 9.csar --json >out
> python3 -c 'import json; c = json.load(open("out"))["result"]["changes"]; print(len(c["changes"]), c["files"]["added"], sum(f["files"] + f["programs"] for f in c["folders"]))'
| 311 304 304
# What is decided is not offered for approval.
$ approval 9 bob && approval 9 carol && sallyport deploy review 9.order --policy policy.json --package 9.csar
! stdout 'Next: sallyport deploy approve'
stdout 'Next: it has its approvals'
$ sallyport deploy review 9.order --policy policy.json --at 2027-06-01T00:00:00Z
stdout 'window       over'
stdout 'Next: the window of this order is over'
$ proposal 1 && sallyport deploy refuse 1.order --policy policy.json --as bob --key file:bob.key >/dev/null
> sallyport deploy review 1.order --policy policy.json
stdout 'Next: nobody can use this order any more'
# Names that look like others, or that nobody sees, are pointed out wherever they stand: what is listed by folder alone, too.
$ cp -a tree odd && cp /bin/true "odd/bin/dem$(printf '\316\277')" && cp /bin/true "odd/bin/demo$(printf '\343\205\244')" && ln -s "$(printf 'd\320\265mo')" odd/bin/plain
> package 7 odd 7 && clamd_here && verdict 7 && clamd_gone && proposal 7 && sallyport deploy review 7.order --policy policy.json --package 7.csar
stdout 'LOOK TWICE  letters outside of ASCII in bin/dem'
stdout ': U+03BF'
stdout ': U+3164'
stdout 'LOOK TWICE  letters outside of ASCII in bin/plain: U+0435'
$ sallyport deploy review 7.order --policy policy.json --package 7.csar --running 1.csar
stdout 'LOOK TWICE  letters outside of ASCII in bin/plain: U+0435'
$ sallyport diff 1.csar 7.csar
[exit 10]
stdout ': U+03BF'
-- services.json --
[{"name": "demo", "argv": ["/usr/bin/demo"], "uid": 0, "gid": 0, "capabilities": ["cap_net_admin"], "network": "host",
  "ports": [{"protocol": "sctp", "number": 36412}], "state_folders": [], "health": [{"kind": "process"}], "start_seconds_max": 5}]
