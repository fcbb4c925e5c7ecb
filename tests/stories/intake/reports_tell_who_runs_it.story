# H08: which nodes run what a new scan finds is told by their signed reports; the recall names them for people. A report counts by the key
# that is pinned for the node, and its absence is told.
use installed
needs clamd openssl root
$ mkdir store verdicts reports keys && cp 1.csar 2.csar store && cp node/node.pub keys/node-1.pub && sallyport key create -o node-2.key >/dev/null && cp node-2.key.pub keys/node-2.pub
> sed 's/^echo "Eicar-Test-Signature:.*/&\necho "Old-Release:0:*:72656c6561736520310a" >>"$dir\/database\/sallyport.ndb"/' "$REPO/tools/demo/clamd" >knowing_clamd
> chmod +x knowing_clamd && (./knowing_clamd "$PWD/clamd" >/dev/null 2>&1 & echo $! >clamd.pid)
> for _ in $(seq 200); do if [ -S clamd/clamd.sock ]; then break; fi; sleep 0.05; done
> echo --store store --verdicts verdicts --policy policy.json --key file:intake.key --clamd clamd/clamd.sock --reports reports --node-keys keys >args
> python3 report.py node/node.key keys/node-1.pub node-1 1.csar >reports/node-1.report
$ refuses 2 usage-error intake rescan $(sed 's/ --node-keys keys//' args)
> refuses 3 malware-found intake rescan $(cat args) && { sallyport intake rescan $(cat args) || true; }
stdout 'runs on      node-1 of pool-1, generation 1 (active), as of 20'
stdout 'no report    node-2'
stdout 'recall propose --verdict'
stdout '--reports reports --node-keys keys'
# Nobody speaks for another node, and a file that nobody signed is told.
$ python3 report.py node-2.key keys/node-2.pub node-1 2.csar >reports/forged.report && echo '{}' >reports/none.report && { sallyport intake rescan $(cat args) || true; }
stdout 'forged.report: REFUSED, signer-unknown'
stdout 'none.report: REFUSED, envelope-malformed'
stdout 'runs on      node-1 of pool-1, generation 1 (active)'
$ sallyport recall propose --verdict verdicts/$(sha256sum 1.csar | cut -c 1-64).verdict --policy policy.json --pool pool-1 --as alice --key file:alice.key --reports reports --node-keys keys -o r.recall
stdout 'Old-Release'
stdout '; reported to run on node-1'
$ sallyport recall propose --verdict verdicts/$(sha256sum 1.csar | cut -c 1-64).verdict --policy policy.json --pool pool-2 --as alice --key file:alice.key --reports reports --node-keys keys -o other.recall
stdout '; no node reports that it runs it'
-- report.py --
"""report.py KEY PUBLIC NODE PACKAGE: a report of NODE that it runs PACKAGE, signed by KEY (Ed25519 PEM)."""
import base64
import hashlib
import json
import subprocess
import sys
import time

key, public, node, package = sys.argv[1:]
digest = hashlib.sha256(open(package, "rb").read()).hexdigest()
report = {"schema": "sallyport-node-report/1", "node": node, "pool": "pool-1",
          "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), "policy": "0" * 64, "policy_version": 1,
          "generations": [{"number": 1, "use": "active", "package": digest, "release": "0" * 64, "product": "demo",
                           "version": "1"}],
          "services": [], "gate": "none", "recall": 0, "findings": [], "events": {"size": 0, "root": "0" * 64}}
payload = (json.dumps(report, separators=(",", ":")) + "\n").encode()
kind = b"application/vnd.sallyport.node-report+json"
open("pae", "wb").write(b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload))
subprocess.run(["openssl", "pkeyutl", "-sign", "-rawin", "-inkey", key, "-in", "pae", "-out", "sig"], check=True)
der = subprocess.run(["openssl", "pkey", "-pubin", "-in", public, "-outform", "DER"], check=True, capture_output=True).stdout
print(json.dumps({"payloadType": kind.decode(), "payload": base64.b64encode(payload).decode(),
                  "signatures": [{"keyid": hashlib.sha256(der).hexdigest(),
                                  "sig": base64.b64encode(open("sig", "rb").read()).decode()}]}, separators=(",", ":")))
