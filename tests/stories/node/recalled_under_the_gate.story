# H08: a gate that runs denies a content as soon as the node has its recall, whoever brings it; what runs is told, and stopped only where somebody says so.
use service
needs unshare root cgroup2 clamd
$ printf '%s:%s:Evil-Sleep\n' "$(md5sum <tree/bin/sleep | cut -c 1-32)" "$(stat -c %s tree/bin/sleep)" >evil.hdb
> sed 's/^echo "Eicar-Test-Signature:.*/&\ncp evil.hdb "$dir\/database\/"/' "$REPO/tools/demo/clamd" >knowing_clamd && chmod +x knowing_clamd
> (./knowing_clamd "$PWD/clamd" >/dev/null 2>&1 & echo $! >clamd.pid) && for _ in $(seq 200); do if [ -S clamd/clamd.sock ]; then break; fi; sleep 0.05; done
> refuses 3 malware-found intake submit 1.csar --policy policy.json --key file:intake.key --clamd clamd/clamd.sock -o hit.verdict && clamd_gone
> sallyport recall propose --verdict hit.verdict --policy policy.json --pool pool-1 --as alice --key file:alice.key -o r.recall >/dev/null
> for p in bob carol; do sallyport recall approve r.recall --policy policy.json --as $p --key file:$p.key >/dev/null || exit; done
> for key in officer-1 server; do sallyport key create -o $key.key >/dev/null; done && first_root 1 server officer-1
> sallyport deploy publish --repository repo --key file:server.key --recall r.recall >/dev/null && sallyport bundle export --repository repo -o site.bundle >/dev/null
$ unshare -m bash guarded
| before: runs
| the service runs
| ALARM: the active generation has what was recalled
| the recall is there: gate denies: Operation not permitted
| the service still runs
| started again: content-recalled
| stopped: no service runs
-- guarded --
. "$REPO/tests/stories/lib.sh"
mkdir own && mount -t tmpfs -o size=200m none own && cp -a node own/ && cp ./*.recall site.bundle repo/metadata/1.root.json own/ && cd own || exit
tries() { timeout 20 python3 -c 'import subprocess, sys
try: subprocess.run([sys.argv[1], "0"], check=True); print("runs")
except OSError as e: print(e.strerror)' "$1"; }
running() { sallyport node status --root node --json | python3 -c 'import json, sys; print("\n".join(s["name"] for s in json.load(sys.stdin)["result"]["services"] if s["state"] == "running"))'; }
timeout --signal=KILL 120 sallyport node gate run --root node >gate.out 2>gate.err & gate=$!
for _ in $(seq 100); do if sallyport node gate status --root node >/dev/null 2>&1; then break; fi; sleep 0.05; done
sleep=node/generations/1/tree/bin/sleep
echo "before: $(tries $sleep)"
sallyport node start --root node >/dev/null && if [ -n "$(running)" ]; then echo "the service runs"; fi
sallyport bundle import site.bundle --root node --pin 1.root.json >recalled || cat recalled
grep -o "^ALARM: [a-z ]*" recalled
for _ in $(seq 60); do if [ "$(tries $sleep)" != runs ]; then break; fi; sleep 0.05; done
echo "the recall is there: gate denies: $(tries $sleep)"
if [ -n "$(running)" ]; then echo "the service still runs"; fi
sallyport node recall r.recall --root node --stop >stopped || cat stopped
sallyport node start --root node --json | sed 's/.*"code":"\([^"]*\)".*/started again: \1/'
if [ -z "$(running)" ]; then echo "stopped: no service runs"; fi
kill $gate
wait $gate 2>/dev/null
