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
-- services.json --
[{"name": "demo", "argv": ["/usr/bin/demo"], "uid": 0, "gid": 0, "capabilities": ["cap_net_admin"], "network": "host",
  "ports": [{"protocol": "sctp", "number": 36412}], "state_folders": [], "health": [{"kind": "process"}], "start_seconds_max": 5}]
