# A policy that says that gates enforce demands one: without it nothing is installed or started, and what runs goes on. It may want ways
# out of services closed. A gate that begins later tells what runs already. M28, M38
use services
needs unshare root cgroup2
$ edited policy.json 'p["pools"][0]["gate"] = {"mode": "enforce", "closed": ["exec-unlisted", "service-trace", "service-new-code"]}' >p && mv p policy.json
> edited services.json 'p[0]["argv"][1] = "600"; p[0]["exceptions"] = ["jit"]' >s && rm 2.csar ./*.verdict ./*.order && package 2 tree 2 --services s
> clamd_here && for n in 1 2; do verdict $n && order $n --sequence $n; done && clamd_gone
$ sallyport deploy review 2.order --policy policy.json --package 2.csar --json
json .result.exceptions_not_allowed[0] "demo: service-new-code (jit)"
$ unshare -m bash guarded
| without a gate: gate-absent 4
| what it would do: gate-absent 4
| installed under the gate, with service-trace, service-new-code closed
| a release that opens one of them: exception-not-allowed 4
| the gate was told to end: gate-end, gate-absent
| the status: gate-absent; it ended; the service runs on
| a service is not started: gate-absent 4
| the next gate tells what ran before: gate-runs-unlisted, of no service; it runs on
| and the event log: 1
| ended it is told no more
-- guarded --
. "$REPO/tests/stories/lib.sh"
mkdir own && mount -t tmpfs -o size=300m none own && cp ./*.csar ./*.verdict ./*.order policy.json own/ && cd own || exit
starts_gate() { timeout --signal=KILL 120 sallyport node gate run --root node >gate.out 2>gate.err & gate=$!; }
field() { sallyport node gate status --root node --json 2>/dev/null | python3 -c 'import json, sys; print(eval(sys.argv[1], {"r": json.load(sys.stdin)["result"]}))' "$1" 2>/dev/null; }
awaits() { for _ in $(seq 400); do if [ "$(field "$1")" = "$2" ]; then return; fi; sleep 0.05; done; echo "not $2: $(field "$1")"; cat gate.err; }
refused() { sallyport "$@" --json >refused.json 2>/dev/null; status=$?; echo "$(grep -o '"code":"[^"]*"' refused.json | head -n 1 | cut -d '"' -f 4) $status"; }
status() { sallyport node status --root node --json | python3 -c 'import json, sys
r = json.load(sys.stdin)["result"]; print(eval(sys.argv[1], {"r": r}))' "$1"; }
sallyport node init --root node --policy policy.json --node node-1 --pool pool-1 >/dev/null
# shellcheck disable=SC2046
echo "without a gate: $(refused node install $(install_args 1))"
# shellcheck disable=SC2046
echo "what it would do: $(refused node install $(install_args 1) --dry-run)"
starts_gate
awaits 'r["mode"]' enforce
installs 1 && echo "installed under the gate, with $(python3 -c 'import json; print(", ".join(json.load(open("node/run/demo.json"))["closed"]))') closed"
# shellcheck disable=SC2046
echo "a release that opens one of them: $(refused node install $(install_args 2))"
kill $gate && wait $gate
echo "the gate was told to end: $(grep '"activity":"gate-end"' node/events.jsonl | grep -o '"activity":"[a-z-]*"\|"code":"[a-z-]*"' | cut -d '"' -f 4 | uniq | paste -sd, | sed 's/,/, /')"
echo "the status: $(status '" ".join(f["code"] for f in r["findings"])'); $(status '"it ended" if r["gate"]["ended"] else "nothing"'); the service $(status 'r["services"][0]["state"].replace("running", "runs on")')"
echo "a service is not started: $(refused node run demo --root node)"
cp node/generations/1/tree/bin/sleep stray && echo >>stray
./stray 600 & stray=$!
sleep 0.2
starts_gate
awaits 'r["mode"]' enforce
echo "the next gate tells what ran before: $(field '", ".join(r["alarms"])'), of $(python3 -c 'import json; print(" ".join(u["service"] or "no service" for u in json.load(open("node/run/gate.json"))["unlisted"]))'); it $([ -d /proc/$stray ] && echo runs on)"
echo "and the event log: $(grep -c '"code":"gate-runs-unlisted"' node/events.jsonl)"
kill $stray && wait $stray 2>/dev/null
awaits 'len(r["alarms"])' 0
echo "ended it is told no more"
sallyport node stop --root node >/dev/null
kill $gate && wait $gate
