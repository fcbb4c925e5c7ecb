# Nothing is left out on a node that runs a service and was upgraded, with a scanner, an intake key, a package with EICAR and a gate.
use service
needs unshare cgroup2
$ installs 2 && clamd_here && cp -r tree infected && "$REPO/tools/demo/hide_eicar" infected/tools.tar.gz && package infected infected 9
> unshare -m bash guarded
stdout ' 0 failed, 0 not run'
stdout 'PASS     RAV.'
stdout 'PASS     RI-3.changed-file-not-executed'
stdout 'PASS     RI-3.gate-ways-closed'
# The table is the one of `node gate probe`, way by way, and in the report it is the same.
$ sallyport evidence report evidence -o page.html >/dev/null && python3 - <<'PYTHON'
> import base64, json
> probed = json.load(open("probe.json"))["result"]
> ways = json.loads(base64.b64decode(json.load(open("evidence/evidence.dsse"))["payload"]))["predicate"]["gate_ways"]
> assert ways["mode"] == probed["mode"] == "enforce" and ways["mode_from"] == "node", ways
> assert ways["holes"] == probed["holes"] and len(ways["holes"]) >= 9, ways
> page = open("page.html").read()
> assert "Mode of the gate: enforce" in page and all(h["way"] + "</td>" in page for h in ways["holes"])
> PYTHON
$ sallyport node stop --root node >/dev/null
-- guarded --
. "$REPO/tests/stories/lib.sh"
# What the gate watches is the node's file system, and what is made for the tests is beside it.
mkdir own && mount -t tmpfs -o size=200m none own && cp -a node own/ || exit
timeout --signal=KILL 280 sallyport node gate run --root own/node >gate.out 2>gate.err & gate=$!
for _ in $(seq 100); do if sallyport node gate status --root own/node >/dev/null 2>&1; then break; fi; sleep 0.05; done
sallyport node start --root own/node >/dev/null
sallyport node gate probe --root own/node --json >probe.json
sallyport evidence run --root own/node -o evidence --clamd clamd/clamd.sock --intake-key file:intake.key --malware-package infected.csar
sallyport node stop --root own/node >/dev/null
kill $gate && wait $gate
