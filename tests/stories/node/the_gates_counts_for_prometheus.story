# What a gate counts, as Prometheus reads it: every name that docs/spec/gate.md tells and no other one, in a file that is always whole. A gate
# that does not run says so, and one that cannot be asked leaves the file as it was.
use service
needs unshare root cgroup2
$ sallyport node gate metrics --root node
| # HELP sallyport_gate_up Whether a gate runs.
| # TYPE sallyport_gate_up gauge
| sallyport_gate_up{node="node-1"} 0
$ sallyport node gate metrics --root node -o gate.prom --dry-run && test ! -e gate.prom
stdout 'Would write gate.prom'
$ sallyport node gate metrics --root node -o gate.prom --json
json .result.gate_runs false
json .result.file "gate.prom"
$ unshare -m bash guarded
| up 1; enforce 1, observe 0; generation 1; services 1
| denied unlisted 1, by another reason 0; would deny 0; restarts 0
| the names are those of docs/spec/gate.md
| killed: restarts 1
| observing: enforce 0, observe 1; would deny 1
| cannot be read: json-malformed, the file is what it was
| ended: up 0
$ refuses 2 node-not-initialised node gate metrics --root tree
-- asked --
# asked FILE NAME [LABEL=VALUE]...: the sum of its series that have these labels.
import sys
from prometheus_client.parser import text_string_to_metric_families

name, labels = "sallyport_gate_" + sys.argv[2], dict(label.split("=") for label in sys.argv[3:])
with open(sys.argv[1], encoding="utf-8") as file:
    families = list(text_string_to_metric_families(file.read()))
found = [sample for family in families for sample in family.samples if sample.name == name and labels.items() <= sample.labels.items()]
assert all(sample.labels["node"] == "node-1" for sample in found), found
print(int(sum(sample.value for sample in found)))
-- names --
# names FILE PAGE: every name of the page's table is in the file, with its kind, and no other one.
import re
import sys
from prometheus_client.parser import text_string_to_metric_families

with open(sys.argv[1], encoding="utf-8") as file:
    text = file.read()
told = set(re.findall(r"^# TYPE sallyport_gate_(\w+) (\w+)$", text, re.MULTILINE))
for family in text_string_to_metric_families(text):
    assert family.documentation, family
with open(sys.argv[2], encoding="utf-8") as page:
    written = set(re.findall(r"^\| `(\w+)` \| (gauge|counter) \|", page.read(), re.MULTILINE))
print("the names are those of docs/spec/gate.md" if told == written and written else f"not in both: {told ^ written}")
-- guarded --
. "$REPO/tests/stories/lib.sh"
mkdir own && mount -t tmpfs -o size=200m none own && cp -a node asked names own/ && cd own || exit
metrics() { sallyport node gate metrics --root node -o gate.prom >/dev/null; }
asked() { /usr/bin/python3 asked gate.prom "$@"; }
# comes VALUE NAME [LABEL=VALUE]...: until it is so.
comes() {
  for _ in $(seq 100); do
    metrics && [ "$(asked "${@:2}")" = "$1" ] && return
    sleep 0.05
  done
  echo "$2 is $(asked "${@:2}")"
}
tries() { python3 -c 'import subprocess, sys
try: subprocess.run([sys.argv[1], "0"])
except OSError: pass' "$1"; }
cp node/generations/1/tree/bin/sleep stray && echo >>stray
# Somebody who asks at this moment whether a gate runs keeps none from starting.
mkdir -p node/run && flock node/run/gate.lock sleep 0.4 &
sleep 0.1
timeout --signal=KILL 200 sallyport node gate run --root node >gate.out 2>gate.err & gate=$!
comes 1 up
echo "up $(asked up); enforce $(asked mode mode=enforce), observe $(asked mode mode=observe); generation $(asked generation_may_run generation=1); services $(asked services)"
tries ./stray
comes 1 denied_total
echo "denied unlisted $(asked denied_total reason=unlisted), by another reason $(asked denied_total reason=code-in-data); would deny $(asked would_deny_total); restarts $(asked restarts_total)"
/usr/bin/python3 names gate.prom "$REPO/docs/spec/gate.md"
custodian=$(sed 's/.*"custodian":\([0-9]*\),.*/\1/' node/run/gate.json)
for child in $(cat "/proc/$custodian/task/$custodian/children"); do
  if ls -l "/proc/$child/fd" | grep -q fanotify; then kill -9 "$child"; fi
done
comes 1 restarts_total
echo "killed: restarts $(asked restarts_total)"
sallyport node gate observe --root node >/dev/null
tries ./stray
comes 1 would_deny_total
echo "observing: enforce $(asked mode mode=enforce), observe $(asked mode mode=observe); would deny $(asked would_deny_total reason=unlisted)"
cp gate.prom before && cp node/run/gate.json kept && echo nothing >node/run/gate.json
sallyport node gate metrics --root node -o gate.prom --json >out 2>/dev/null
echo "cannot be read: $(grep -o 'json-malformed' out | head -n 1), $(cmp gate.prom before && echo "the file is what it was")"
cp kept node/run/gate.json
kill "$custodian" && wait $gate
metrics
echo "ended: up $(asked up)"
