# The gate of a node that runs: what is of no generation that may run is executed by nobody, a switch of generations is one for the
# gate too, and killing its processes lets nothing through (RI-3, RO-2, M01, M13, M24, M26, M42).
use service
needs unshare root cgroup2
$ unshare -m bash guarded
| the gate runs: enforce, generations 1
| a stray program: Operation not permitted
| the service runs
| the event log: gate-denied, unlisted
| killed: Operation not permitted, restarts 1
| upgraded: 2 runs
| the gate runs: enforce, generations 2
| a file of the release, changed in its place: Operation not permitted
| it was put back: runs
| probed: 30 closed
| observing: runs
| written down: unlisted
| with a way past it: gate-hole-open 4, observe
| enforced again, with the ways past it tried: Operation not permitted
| a second one: gate-running 7
| books that stand still: gate-stalled 1
| ended: runs
$ unshare -m bash on_the_root_file_system
| gate-file-system-shared
# Where files change without this kernel being asked, no lease says so.
$ unshare -m bash on_layers
| gate-file-system-foreign 2
$ refuses 7 gate-not-running node gate status --root node
-- guarded --
. "$REPO/tests/stories/lib.sh"
mkdir own && mount -t tmpfs -o size=200m none own && cp -a node own/ && cp ./*.csar ./*.verdict ./*.order own/ && cd own || exit
gate_runs() {
  for _ in $(seq 100); do
    if sallyport node gate status --root node --json >status 2>/dev/null; then break; fi
    sleep 0.05
  done
  python3 -c 'import json; s = json.load(open("status"))["result"]; print("the gate runs: " + s["mode"] + ", generations " + ", ".join(map(str, s["generations"])))'
}
# tries FILE: whether it is executed.
tries() { timeout 20 python3 -c 'import subprocess, sys
try: subprocess.run([sys.argv[1], "0"], check=True); print("runs")
except OSError as e: print(e.strerror)' "$1"; }
settled() { for _ in $(seq 100); do if grep -qs "$1" node/run/gate.json; then return; fi; sleep 0.05; done; cat node/run/gate.json; }
sleep=node/generations/1/tree/bin/sleep
cp $sleep stray && echo >>stray
# Who asks whether a gate runs holds the lock for a moment: a gate that begins then waits.
mkdir -p node/run && { flock node/run/gate.lock sleep 0.5 & }
for _ in $(seq 100); do if ! flock -n node/run/gate.lock true; then break; fi; done
timeout --signal=KILL 120 sallyport node gate run --root node >gate.out 2>gate.err & gate=$!
gate_runs
echo "a stray program: $(tries ./stray)"
sallyport node start --root node >/dev/null && echo "the service runs"
for _ in $(seq 100); do if grep -q gate-deny node/events.jsonl; then break; fi; sleep 0.05; done
grep '"activity":"gate-deny"' node/events.jsonl | head -n 1 | sed 's/.*"code":"\([^"]*\)".* deny \([a-z-]*\)".*/the event log: \1, \2/'
custodian=$(sed 's/.*"custodian":\([0-9]*\),.*/\1/' node/run/gate.json)
for child in $(cat "/proc/$custodian/task/$custodian/children"); do
  # The one that answers has the watch; the one that keeps the books has closed it.
  if ls -l "/proc/$child/fd" | grep -q fanotify; then kill -9 "$child"; fi
done
echo "killed: $(tries ./stray), $(settled '"restarts":1'; grep -o '"restarts":[0-9]*' node/run/gate.json | tr -d '"' | tr : ' ')"
installs 2 && echo "upgraded: $(active) runs"
settled '"generations":\[{"generation":2}\]'
gate_runs
sleep=node/generations/2/tree/bin/sleep
cp $sleep copy && cp $sleep original
tries ./copy >/dev/null
python3 -c 'f = open("copy", "r+b"); f.seek(-1, 2); b = f.read(1); f.seek(-1, 2); f.write(bytes([b[0] ^ 1]))'
echo "a file of the release, changed in its place: $(tries ./copy)"
cat original >copy
echo "it was put back: $(tries ./copy)"
echo "probed: $(sallyport node gate probe --root node | grep -c '^  closed ') closed"
sallyport node gate observe --root node >/dev/null && settled '"mode":"observe"'
echo "observing: $(tries ./stray)"
for _ in $(seq 100); do if grep -q '"activity":"gate-observe"' node/events.jsonl; then break; fi; sleep 0.05; done
grep '"activity":"gate-observe"' node/events.jsonl | head -n 1 | sed 's/.* allow \([a-z-]*\)".*/written down: \1/'
# A place that the gate does not watch, where the probe puts its files.
mkdir -p node/run/probe && mount -t tmpfs none node/run/probe
sallyport node gate enforce --root node --json >open.json 2>/dev/null; status=$?
echo "with a way past it: $(grep -o 'gate-hole-open' open.json | head -n 1) $status, $(cat node/run/gate.mode)"
umount node/run/probe
sallyport node gate enforce --root node >/dev/null && echo "enforced again, with the ways past it tried: $(tries ./stray)"
sallyport node gate run --root node --json >second.json 2>/dev/null; status=$?
echo "a second one: $(grep -o 'gate-running' second.json | head -n 1) $status"
for child in $(cat "/proc/$custodian/task/$custodian/children"); do
  if ! ls -l "/proc/$child/fd" | grep -q fanotify; then kill -STOP "$child" && books=$child; fi
done
sallyport node stop --root node >/dev/null
sallyport node run demo --root node --json >stalled.json 2>/dev/null; status=$?
echo "books that stand still: $(grep -o 'gate-stalled' stalled.json | head -n 1) $status"
kill -CONT "$books"
kill "$custodian" && wait $gate
echo "ended: $(tries ./stray)"
-- on_the_root_file_system --
timeout 20 sallyport node gate run --root node --json 2>/dev/null | grep -o 'gate-file-system-shared' | head -n 1
-- on_layers --
mkdir layers && mount -t tmpfs none layers && mkdir layers/lower layers/upper layers/work layers/all && cp -a node layers/lower
mount -t overlay -o lowerdir=layers/lower,upperdir=layers/upper,workdir=layers/work none layers/all || exit
timeout 20 sallyport node gate run --root layers/all/node --json >layers.json 2>/dev/null; status=$?
echo "$(grep -o 'gate-file-system-foreign' layers.json | head -n 1) $status"
