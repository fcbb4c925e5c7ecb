# A host, made of two file systems in memory and nothing of this machine, under a gate whose policy has the scope `host`: observed first, then
# enforced by a baseline that has what was seen; never while the baseline lacks what runs (M01, M03, M13, M20, M28, M38).
use node
needs unshare root
$ edited policy.json 'p["persons"][0]["roles"].append("officer"); p["persons"][2]["roles"].append("officer")
> p["officers"] = {"roles": ["officer"], "persons": 2}
> p["pools"][0]["gate"] = {"mode": "enforce", "closed": ["exec-unlisted"], "scope": "host", "host_observe_until": "2099-12-31T23:59:59Z"}' >p
> mv p policy.json && rm -r node && sallyport policy show policy.json
stdout 'the whole host, observed until 2099-12-31T23:59:59Z'
$ edited policy.json 'p["version"] = 2; del p["pools"][0]["gate"]["host_observe_until"]' >two.json
> officer_approves two.json alice && officer_approves two.json.signed carol
$ timeout 200 unshare -m -p --fork --kill-child bash made_of_memory
| without a baseline: off, baseline-missing
| proposed: not listed: unknown /bin/tool
| in force, observed: observe
| a stray program: runs, and is written down
| what was seen: UNOWNED /opt/backup
| the next policy, with a program that runs and is not listed: observe, baseline-incomplete: /opt/backup
| another baseline: enforce
| of the baseline: runs
| of nobody: Operation not permitted
| explained: may-run: listed; may-not-run: unlisted; may-not-run: being-written
| of the baseline, changed in its place: Operation not permitted
| a script that is not listed: Operation not permitted
| read, it is read: 2 lines
| from a file system that was mounted later: Operation not permitted
| on the node's own file system the baseline lets nothing run: Operation not permitted
| started anew: enforce, while something runs that is not listed
| the next baseline, while it runs: enforce, baseline-incomplete: /opt/backup, /opt/stray
| ended: runs
-- made_of_memory --
set -e
mount --make-rprivate /
mkdir tiny && mount -t tmpfs -o size=1500m host tiny && cd tiny
mkdir -p proc node old dev tmp bin opt later work var/lib/dpkg/info
mount -t tmpfs -o size=100m,mode=755 node node && mount -t proc proc proc && mknod -m 666 dev/null c 1 3
for program in bash sh sallyport sleep cat grep sed cp mount umount seq cut wc rm md5sum env; do
  cp -L "$(command -v $program)" bin/
  for lib in $(ldd "$(command -v $program)" | grep -o '/[^ ]*'); do test -e ".$lib" || cp -L --parents "$lib" .; done
done
cp bin/sleep bin/tool && echo >>bin/tool
cp ../policy.json ../two.json ../two.json.signed ../*.key work/ && cp ../inside work/
find bin lib* usr -type f -printf '/%p\n' 2>/dev/null >var/lib/dpkg/info/tiny.list || true
md5sum $(sed 's,^/,,' var/lib/dpkg/info/tiny.list | grep -v bin/tool) >var/lib/dpkg/info/tiny.md5sums
printf 'Package: tiny\nStatus: install ok installed\nArchitecture: all\nVersion: 1\n' >var/lib/dpkg/status
cp bin/sleep opt/backup && echo backup >>opt/backup
cp bin/sleep opt/stray && echo stray >>opt/stray
pivot_root . old && cd /work
exec env -i PATH=/bin HOME=/ /bin/bash inside
-- inside --
umount -l /old || exit 9
# Nothing of the machine outside may come under the watch.
if grep -v ' - tmpfs \| - proc ' /proc/self/mountinfo; then echo "not alone" && exit 9; fi
state() { sed -n 's/.*"host":{"state":"\([a-z]*\)".*/\1/p' /node/run/gate.json; }
found() { sed -n 's/.*"alarm":"\([a-z-]*\)","found":"\([^"]*\)".*/\1: \2/p' /node/run/gate.json; }
awaits() { for _ in $(seq 300); do if [ "$(state 2>/dev/null)" = "$1" ] && grep -q "\"alarm\":\"$2\"" /node/run/gate.json; then return; fi; sleep 0.05; done; echo "not $1:" && cat /node/run/gate.json gate.err; }
runs() { if "$1" 0 2>err; then echo runs; else sed 's/.*: //' err; fi; }
starts_gate() { rm -f /node/run/gate.json; sallyport node gate run --root /node >gate.out 2>gate.err & gate=$!; }
ends_gate() { kill $gate && wait $gate; }
in_force() {
  for person in alice carol; do
    sallyport baseline approve "$1$([ $person = alice ] || echo .signed)" --policy "$2" --as $person --key file:$person.key >/dev/null
  done
  sallyport node baseline install "$1.signed" --root /node >/dev/null
}
sallyport node init --root /node --policy policy.json --node node-1 --pool pool-1 >/dev/null
starts_gate
awaits off baseline-missing
echo "without a baseline: $(state), $(found | cut -d: -f1)"
sallyport node baseline propose --root /node -o one >one.out
echo "proposed: not listed:$(grep -o 'unknown .*,' one.out | sed 's/,$//; s/ \+/ /; s/^/ /')"
in_force one policy.json
awaits observe ''
echo "in force, observed: $(state)"
/opt/backup 100 & backup=$!
for _ in $(seq 100); do if grep -q '"activity":"gate-observe".*/opt/backup' /node/events.jsonl; then break; fi; sleep 0.05; done
echo "a stray program: $(runs /opt/backup), and is$(grep -q '"activity":"gate-observe".*/opt/backup' /node/events.jsonl || echo ' not') written down"
sallyport node baseline propose --root /node --observed -o two >two.out
echo "what was seen: $(grep -o 'UNOWNED .*,' two.out | sed 's/,$//; s/ \+/ /')"
sallyport node policy two.json.signed --root /node >/dev/null
awaits observe baseline-incomplete
echo "the next policy, with a program that runs and is not listed: $(state), $(found)"
in_force two two.json
awaits enforce ''
echo "another baseline: $(state)"
echo "of the baseline: $(runs /bin/sleep)"
echo "of nobody: $(runs /opt/stray)"
explained() { sallyport explain "$1" --root /node 2>/dev/null | sed -n 's/^ *answer *//p'; }
(umask 0 && cat /bin/sleep >/opt/owned)
echo "explained: $(explained /bin/sleep); $(explained /opt/stray); $(explained /opt/owned)"
cp /bin/sleep /opt/copy && runs /opt/copy >/dev/null && echo >>/opt/copy
echo "of the baseline, changed in its place: $(runs /opt/copy)"
cp /bin/sleep /opt/script && printf '#!/bin/sh\nexit 0\n' >/opt/script
echo "a script that is not listed: $(runs /opt/script)"
echo "read, it is read: $(cat /opt/script | wc -l) lines"
mount -t tmpfs later /later && cp /opt/stray /later/ && sleep 0.2
echo "from a file system that was mounted later: $(runs /later/stray)"
cp /bin/sleep /node/sleep
echo "on the node's own file system the baseline lets nothing run: $(runs /node/sleep)"
ends_gate
/opt/stray 100 & stray=$!
starts_gate
awaits enforce ''
echo "started anew: $(state), while something runs that is not listed"
sallyport node baseline propose --root /node -o three >/dev/null
in_force three two.json
awaits enforce baseline-incomplete
echo "the next baseline, while it runs: $(state), $(found)"
ends_gate
echo "ended: $(runs /opt/stray)"
kill $backup $stray
