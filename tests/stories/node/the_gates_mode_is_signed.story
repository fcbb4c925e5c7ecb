# The officers say in which mode a node's gate is, until when it may observe, and which ways past it have to be closed. M38
use service
needs unshare root cgroup2
$ edited policy.json 'p["persons"][0]["roles"].append("officer"); p["persons"][2]["roles"].append("officer")
> p["officers"] = {"roles": ["officer"], "persons": 2}
> p["pools"][0]["gate"] = {"mode": "observe", "observe_until": "2026-01-01T00:00:00Z"}' >p && mv p policy.json
> sallyport node init --root node-2 --policy policy.json --node node-1 --pool pool-1 >/dev/null && sallyport policy show policy.json
stdout 'gates: observe until 2026-01-01T00:00:00Z'
$ edited policy.json 'p["version"] = 2; p["pools"][0]["gate"] = {"mode": "enforce", "closed": ["exec-unlisted", "exec-script"]}' >two.json
> officer_approves two.json alice && officer_approves two.json.signed carol && sallyport policy review two.json.signed --policy policy.json
stdout 'mode: enforce'
$ edited two.json 'p["version"] = 3; p["pools"][0]["gate"] = {"mode": "enforce"}' >three.json
> for p in alice carol; do sallyport policy approve three.json$([ $p = alice ] || echo .signed) --policy two.json --as $p --key file:$p.key >/dev/null; done
# What a policy says of gates is understood as a whole or refused.
$ for gate in '{"mode": "off"}' '{"mode": "observe"}' '{"mode": "enforce", "closed": []}' '{"mode": "enforce", "closed": ["exec-scrpit"]}' \
>   '{"mode": "enforce", "observe_until": "2026-01-01T00:00:00Z"}'; do
>   edited policy.json "p['pools'][0]['gate'] = json.loads('$gate')" >bad.json
>   refuses 4 policy-malformed policy check bad.json && grep -o 'pools\[0\][^"]*' refusal.json | head -n 1
> done
| pools[0].gate.mode
| pools[0].gate.observe_until
| pools[0].gate.closed
| pools[0].gate.closed[0]
| pools[0].gate.observe_until
$ unshare -m bash guarded
| observing, as policy version 1 says: runs
| for too long: gate-observes-too-long; the event log has it 1 time
| the node's own wish: gate-mode-fixed 4
| the next policy, while the gate runs: enforce, as policy version 2 says, Operation not permitted
| the node's own wish: gate-mode-fixed 4
| ways wanted closed: closed closed
| with a way past it, all wanted: gate-hole-open in the status; Operation not permitted
| a service is not started: gate-hole-open 4
| a gate that begins does not go on: gate-hole-open 4, runs
| the way is closed: enforce, as policy version 3 says, no alarm
-- guarded --
. "$REPO/tests/stories/lib.sh"
mkdir own && mount -t tmpfs -o size=200m none own && cp -a node-2 own/node && cp ./*.signed own/ && cd own || exit
starts_gate() { timeout --signal=KILL 120 sallyport node gate run --root node >gate.out 2>gate.err & gate=$!; }
field() { sallyport node gate status --root node --json 2>/dev/null | python3 -c 'import json, sys; print(eval(sys.argv[1], {"r": json.load(sys.stdin)["result"]}))' "$1" 2>/dev/null; }
awaits() { for _ in $(seq 200); do if [ "$(field "$1")" = "$2" ]; then return; fi; sleep 0.05; done; echo "not $2: $(field "$1")"; cat gate.err; }
says() { field 'r["mode"] + ", as policy version " + str(r["policy_version"]) + " says"'; }
tries() { timeout 20 python3 -c 'import subprocess, sys
try: subprocess.run([sys.argv[1], "0"], check=True); print("runs")
except OSError as e: print(e.strerror)' "$1"; }
wish() { sallyport node gate "$1" --root node --json >wish.json 2>/dev/null; status=$?; echo "the node's own wish: $(grep -o 'gate-mode-fixed' wish.json | head -n 1) $status"; }
cp /bin/sleep stray && echo >>stray
starts_gate
awaits 'r["mode"]' observe
echo "observing, as policy version $(field 'r["policy_version"]') says: $(tries ./stray)"
echo "for too long: $(field 'r["alarms"][0]'); the event log has it $(grep -c '"code":"gate-observes-too-long"' node/events.jsonl) time"
wish enforce
sallyport node policy two.json.signed --root node >/dev/null
awaits 'r["policy_version"]' 2
echo "the next policy, while the gate runs: $(says), $(tries ./stray)"
wish observe
echo "ways wanted closed: $(sallyport node gate enforce --root node | grep 'wants it closed' | sed 's/^ *\([a-z]*\).*/\1/' | tr '\n' ' ' | sed 's/ $//')"
# A place that the gate does not watch, where the probe puts its files.
mkdir -p node/run/probe && mount -t tmpfs none node/run/probe
sallyport node policy three.json.signed --root node >/dev/null
awaits 'r["policy_version"]' 3
echo "with a way past it, all wanted: $(field 'r["alarms"][0]') in the status; $(tries ./stray)"
sallyport node run demo --root node --json >run.json 2>/dev/null; status=$?
echo "a service is not started: $(grep -o 'gate-hole-open' run.json | head -n 1) $status"
kill $gate && wait $gate
sallyport node gate run --root node --json >again.json 2>again.err; status=$?
echo "a gate that begins does not go on: $(grep -o 'gate-hole-open' again.json | head -n 1) $status, $(tries ./stray)"
umount node/run/probe
starts_gate
awaits 'r["mode"]' enforce
echo "the way is closed: $(says), $(field '", ".join(r["alarms"]) or "no alarm"')"
kill $gate && wait $gate
