# H08: a recall travels by itself: what a new scan finds is proposed, approved, entered into the log, published, and fetched by the node, which
# never starts it again and says so loudly.
needs root nginx clamd
use logged
$ for key in officer-1 server; do sallyport key create -o $key.key >/dev/null; done
> first_root 1 server officer-1 && logged 1 && logged 2 && publish 1 && publish 2 && cp repo/metadata/1.root.json first-root.json
> web_here repo && syncs --pin first-root.json >/dev/null && installs 1 && active
| 1
# The next database of the engine knows a content of what runs.
$ mkdir store rescanned && cp 1.csar 2.csar store
> sed 's/^echo "Eicar-Test-Signature:.*/&\necho "Old-Release:0:*:72656c6561736520310a" >>"$dir\/database\/sallyport.ndb"/' \
>   "$REPO/tools/demo/clamd" >knowing_clamd && chmod +x knowing_clamd && (./knowing_clamd "$PWD/clamd" >/dev/null 2>&1 & echo $! >clamd.pid)
> for _ in $(seq 200); do if [ -S clamd/clamd.sock ]; then break; fi; sleep 0.05; done
> refuses 3 malware-found intake rescan --store store --verdicts rescanned --policy policy.json --key file:intake.key --clamd clamd/clamd.sock --secrets
> cp "rescanned/$(sha256sum 1.csar | cut -c 1-64).verdict" hit.verdict
> recall() { sallyport recall propose --policy policy.json --pool pool-1 --as alice --key file:alice.key --verdict hit.verdict --sequence $1 -o $1.recall; }
> declare -f recall >functions && recall 5
stdout 'engine       clamd'
! stdout 'engine       archives'
! stdout 'engine       secrets'
# Nothing is handed on that nodes would refuse.
$ refuses 4 approvals-missing deploy publish --repository repo --key file:server.key --recall 5.recall
> . ./functions && for n in 2 7 9; do recall $n >/dev/null || exit; done
> for n in 2 5 7 9; do for p in bob carol; do sallyport recall approve $n.recall --policy policy.json --as $p --key file:$p.key >/dev/null || exit; done; done
> refuses 4 log-proof-missing deploy publish --repository repo --key file:server.key --recall 5.recall
> refuses 4 log-proof-missing node recall 5.recall --root node
$ sallyport log append 2.recall 5.recall 7.recall 9.recall --log log --key file:log.key >/dev/null && cosigned && sallyport log show --log log
stdout 'recall '
$ for n in 2 5 7; do sallyport log prove $n.recall --log log -o $n.recall.proof >/dev/null || exit; done
> sallyport log verify 5.recall --proof 5.recall.proof --policy policy.json
stdout 'PASS  This recall is in the log.'
$ cp 5.recall.proof 9.recall.proof && refuses 3 inclusion-proof-invalid deploy publish --repository repo --key file:server.key --recall 9.recall
> ls repo/targets/recalls
# Officers who signed before there were recalls let the server list none: they sign again.
$ cp -a repo before && sed -i 's/,"recalls[^"]*"//' before/metadata/1.targets.json
> refuses 7 tuf-target-unknown deploy publish --repository before --key file:server.key --recall 5.recall
# It is published, and the node fetches it: told at once, as an event, and by every look at the node.
$ sallyport deploy publish --repository repo --key file:server.key --recall 5.recall
stdout 'recalls/pool-1/'
stdout 'proofs/'
$ rehearses node sync $(cat url) --root node >rehearsed && grep -q '"kind":"recall"' rehearsed && sallyport node verify --root node >/dev/null && syncs
stdout 'dsse: taken in'
stdout 'ALARM: the active generation has what was recalled: package '
stdout 'Next: sallyport node stop --root node'
$ refuses 3 content-recalled node verify --root node && refuses_install 3 content-recalled 1 && sallyport node status --root node
stdout 'content-recalled'
$ grep -c '"activity":"node-recall".*"code":"content-recalled"' node/events.jsonl
| 1
$ syncs --json
json .result.papers[0].kind "recall"
json .result.papers[0].effect "known"
# Of two under way the lower number goes in first; one that comes later still counts as well.
$ sallyport deploy publish --repository repo --key file:server.key --recall 7.recall --recall 2.recall >/dev/null && syncs --json
json .result.papers[0].effect "taken in"
json .result.papers[1].effect "known"
json .result.papers[2].effect "taken in"
$ sallyport node history --root node --json | python3 -c 'import json, sys; print(*[e["version"] for e in json.load(sys.stdin)["result"]["history"] if e["event"] == "recall-taken"])'
| 5 2 7
# The release without it goes in, and nobody returns to the other one.
$ installs 2 && active
| 2
$ refuses 3 content-recalled node rollback --root node && sallyport node verify --root node >/dev/null
# A medium brings them to where no network is.
$ sallyport bundle export --repository repo --pool pool-1 -o one.bundle >/dev/null && unzip -Z1 one.bundle | grep -c 'targets/recalls/'
| 3
$ sallyport bundle export --repository repo --pool pool-2 -o two.bundle >/dev/null && ! unzip -Z1 two.bundle | grep 'targets/\(recalls\|proofs\)/'
$ sallyport verify one.bundle --policy policy.json --json
stdout '"recalls","value":"3"'
$ sallyport node init --root other --policy policy.json --node node-2 --pool pool-1 >/dev/null && sallyport bundle import one.bundle --root other --pin first-root.json >/dev/null
> sallyport node status --root other
stdout 'recalls      3'
# A captured server recalls nothing in anybody's name.
$ python3 served.py repo 9.recall 5.recall.proof && sallyport deploy publish --repository repo --key file:server.key >/dev/null && syncs
stdout 'dsse: refused, inclusion-proof-invalid'
$ python3 resign.py 9.recall eve.key && python3 served.py repo 9.recall 9.recall.proof && sallyport deploy publish --repository repo --key file:server.key >/dev/null && syncs
stdout 'dsse: refused, order-signature-invalid'
$ sallyport node status --root node
stdout 'recalls      3'
-- served.py --
"""REPOSITORY RECALL PROOF: listed by whoever has the server's files, without asking anybody; signed by the next publish."""
import base64
import glob
import hashlib
import json
import shutil
import sys

repo, recall, proof = sys.argv[1:]
path = max(glob.glob(repo + "/metadata/*.deliveries.json"), key=lambda p: int(p.split("/")[-1].split(".")[0]))
file = json.load(open(path))
identity = hashlib.sha256(base64.b64decode(json.load(open(recall))["payload"])).hexdigest()
for source, target in ((recall, f"recalls/pool-1/{identity}.dsse"), (proof, f"proofs/{identity}.proof")):
    digest = hashlib.sha256(open(source, "rb").read()).hexdigest()
    folder, name = target.rsplit("/", 1)
    shutil.copy(source, f"{repo}/targets/{folder}/{digest}.{name}")
    file["signed"]["targets"][target] = {"length": len(open(source, "rb").read()), "hashes": {"sha256": digest}}
json.dump(file, open(path, "w"))
-- resign.py --
"""resign.py RECALL KEY: the last signature is another key's (Ed25519 PEM)."""
import base64
import json
import subprocess
import sys

envelope = json.load(open(sys.argv[1]))
payload = base64.b64decode(envelope["payload"])
kind = envelope["payloadType"].encode()
open("pae", "wb").write(b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload))
subprocess.run(["openssl", "pkeyutl", "-sign", "-rawin", "-inkey", sys.argv[2], "-in", "pae", "-out", "sig"], check=True)
envelope["signatures"][-1]["sig"] = base64.b64encode(open("sig", "rb").read()).decode()
open(sys.argv[1], "w").write(json.dumps(envelope, separators=(",", ":")) + "\n")
