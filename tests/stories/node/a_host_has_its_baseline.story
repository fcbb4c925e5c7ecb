# Which programs of its own a host runs is proposed from its package database, signed by the officers, and put in force on the node; what
# no package vouches for is told, and listed only if somebody names it (M13, M16, M27).
use node
$ edited policy.json 'p["persons"][0]["roles"].append("officer"); p["persons"][2]["roles"].append("officer")
> p["officers"] = {"roles": ["officer"], "persons": 2}' >p && mv p policy.json && rm -r node
> sallyport node init --root node --policy policy.json --node node-1 --pool pool-1 >/dev/null
$ mkdir -p host/usr/bin host/usr/local/bin host/etc host/var/lib/dpkg/info && ln -s usr/bin host/bin && cd host
> for p in sh ls; do echo "program $p" >bin/$p; done && echo conf >etc/tiny.sh && echo words >etc/words && echo ours >usr/local/bin/backup
> chmod +x bin/* etc/tiny.sh usr/local/bin/backup
> printf '%s\n' /. /bin /bin/sh /bin/ls /etc/words /etc/tiny.sh >var/lib/dpkg/info/tiny.list
> md5sum bin/sh bin/ls etc/words >var/lib/dpkg/info/tiny.md5sums
> printf 'Package: tiny\nStatus: install ok installed\nArchitecture: all\nVersion: 1-1\nConffiles:\n /etc/tiny.sh %s\n' $(md5sum <etc/tiny.sh | cut -c-32) >var/lib/dpkg/status
$ sallyport node baseline propose --root node --system host -o one.baseline --json
json .result.files 3
json .result.number 1
json .result.left_out []
# The same host gives the same text.
$ at='"time":"[^"]*"'; sallyport node baseline propose --root node --system host -o again.baseline >/dev/null && cmp <(sed "s/$at//" one.baseline) <(sed "s/$at//" again.baseline)
# A program that was changed is not listed, and one of no package neither, until somebody names them.
$ echo evil >>host/bin/ls && sallyport node baseline propose --root node --system host -o two.baseline
stdout 'changed      /bin/ls, of package tiny'
stdout 'programs     2'
$ refuses 2 file-exists node baseline propose --root node --system host -o two.baseline
$ rm two.baseline && sallyport node baseline propose --root node --system host --include /bin/ls --include /usr/local/bin/backup --number 2 -o two.baseline
stdout 'CHANGED      /bin/ls, not as package tiny has it'
stdout 'UNOWNED      /usr/local/bin/backup, of no package'
# What the officers sign is what they see.
$ sallyport baseline review two.baseline --policy policy.json --before one.baseline
stdout 'CHANGED /bin/ls'
stdout 'UNOWNED /usr/local/bin/backup'
stdout 'of which 1 changed and 1 of no package'
stdout 'signed by    nobody'
$ refuses 6 person-key-mismatch baseline approve two.baseline --policy policy.json --as bob --key file:alice.key
$ approves() { sallyport baseline approve "$1" --policy policy.json --as "$2" --key "file:$2.key"; }
> approves one.baseline alice >/dev/null && refuses 4 baseline-quorum-missing node baseline install one.baseline.signed --root node
> approves one.baseline.signed bob >/dev/null && refuses 4 baseline-quorum-missing node baseline install one.baseline.signed --root node
> approves one.baseline.signed carol
stdout 'signed by    alice, bob, carol'
$ sallyport node baseline install one.baseline.signed --root node --dry-run
stdout 'would be: baseline 1 in force'
$ test ! -e node/baselines && sallyport node baseline install one.baseline.signed --root node
stdout 'baseline 1 in force'
$ sallyport node baseline install one.baseline.signed --root node && grep -c baseline-taken node/journal
stdout 'nothing: the node has it'
$ tail -n 1 node/events.jsonl
stdout '"activity":"node-baseline"'
# Never an older one, nor one that somebody has touched, nor one for others.
$ for p in alice carol; do sallyport baseline approve two.baseline$([ $p = alice ] || echo .signed) --policy policy.json --as $p --key file:$p.key >/dev/null; done
> sallyport node baseline install two.baseline.signed --root node >/dev/null && refuses 7 baseline-rollback node baseline install one.baseline.signed --root node
$ python3 - two.baseline.signed >touched <<END
> import base64, json, sys
> e = json.load(open(sys.argv[1])); p = base64.b64decode(e["payload"]).replace(b'"number":2', b'"number":3')
> e["payload"] = base64.b64encode(p).decode(); print(json.dumps(e, separators=(",", ":")))
> END
> refuses 3 baseline-signature-invalid node baseline install touched --root node
$ sallyport node baseline propose --root node --system host --for node-2 -o others.baseline >/dev/null
> for p in alice carol; do sallyport baseline approve others.baseline$([ $p = alice ] || echo .signed) --policy policy.json --as $p --key file:$p.key >/dev/null; done
> refuses 4 baseline-other-node node baseline install others.baseline.signed --root node
$ sallyport node fsck --root node >/dev/null && sallyport node history --root node
stdout 'baseline-taken'
$ rm node/baselines/* && sallyport node fsck --root node --json
[exit 3]
stdout 'trust-file-damaged'
# Another database than dpkg's form is none.
$ echo 'no field' >>host/var/lib/dpkg/status && refuses 3 package-database-malformed node baseline propose --root node --system host -o bad.baseline
$ refuses 2 file-missing node baseline propose --root node --system /proc -o bad.baseline
