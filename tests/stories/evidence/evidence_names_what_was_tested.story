# N15: evidence names the build, the node and the packages, and is signed: of another build, node or package it is other evidence.
use upgraded
$ sallyport evidence run --root node -o evidence >/dev/null && python3 - <<'PYTHON' >said
> import base64, hashlib, json, subprocess
> predicate = json.loads(base64.b64decode(json.load(open("evidence/evidence.dsse"))["payload"]))["predicate"]
> version = json.loads(subprocess.check_output(["sallyport", "version", "--json"]))["result"]["version"]
> assert predicate["build"] == version, predicate["build"]
> assert predicate["node"] == "node-1"
> assert [p["digest"]["sha256"] for p in predicate["configuration"]] == [hashlib.sha256(open(f"{n}.csar", "rb").read()).hexdigest() for n in "12"]
> assert predicate["policy"] == hashlib.sha256(open("policy.json", "rb").read()).hexdigest()
> print("all named")
> PYTHON
> cat said
| all named
$ sallyport evidence verify evidence --key node/node.pub >/dev/null && sallyport node init --root other --policy policy.json --node node-2 --pool pool-1 >/dev/null
> refuses 3 evidence-malformed evidence verify evidence --key other/node.pub
