# N14: what cannot be tried for want of a generation is listed as not run, test by test; nothing passes, nothing is left out.
use upgraded
$ sallyport evidence run --root node -o full >/dev/null && sallyport node init --root empty --policy policy.json --node node-1 --pool pool-1 >/dev/null
> sallyport evidence run --root empty -o bare
stdout 'NOT RUN  RX-1.one-approval-short'
stdout 'the node has no generation to make tampered twins of'
stdout 'PASS     RO-1.trust-files-guarded'
stdout '1 passed, 0 failed, '
$ cat >names.py <<'PYTHON'
> import json, sys
> print(*sorted(f"{r['requirement']} {r['test']}" for r in json.load(open(sys.argv[1] + "/evidence.json"))), sep="\n")
> PYTHON
> python3 names.py full >full.names && python3 names.py bare >bare.names && diff full.names bare.names && sallyport evidence verify bare >/dev/null
> sallyport evidence report bare -o bare.html >/dev/null && grep -c 'not run' bare.html >/dev/null
# Without a gate no way past one was tried, and each says so.
$ python3 - <<'PYTHON'
> import base64, json
> for run in "full", "bare":
>     ways = json.loads(base64.b64decode(json.load(open(run + "/evidence.dsse"))["payload"]))["predicate"]["gate_ways"]
>     assert ways["mode"] == "none" and {h["state"] for h in ways["holes"]} == {"not-run"}, ways
>     assert len(ways["holes"]) >= 9, ways
>     test = [r for r in json.load(open(run + "/evidence.json")) if r["test"] == "RI-3.gate-ways-closed"]
>     assert [(t["verdict"], t["reason"]) for t in test] == [("not-run", "no gate runs on this node")], test
> assert ">NOT RUN</span></td><td>no gate runs on this node" in open("bare.html").read()
> PYTHON
