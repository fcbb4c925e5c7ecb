# Where the policy names a log, the proof of an order is published, fetched and found without being named.
needs root
needs nginx
use logged
$ for key in officer-1 server; do sallyport key create -o $key.key >/dev/null; done
> first_root 1 server officer-1 && sallyport deploy publish --repository repo --key file:server.key >/dev/null
> cp repo/metadata/1.root.json first-root.json
# An order without a proof is of no use to anybody, nor is one with the proof of another.
$ refuses 4 log-proof-missing deploy publish --repository repo --key file:server.key --package 1.csar --verdict 1.verdict --order 1.order
$ logged 1 && logged 2
> refuses 3 inclusion-proof-invalid deploy publish --repository repo --key file:server.key --order 1.order --verdict 1.verdict --proof 2.order.proof
$ ls repo/targets/orders repo/targets/proofs
| repo/targets/orders:
|
| repo/targets/proofs:
$ publish 1 && web_here repo && syncs --pin first-root.json
stdout 'Order 1: demo 1 is here.'
$ sallyport node install node/repository/packages/*.csar --root node --verdict node/repository/verdicts/*.dsse \
>   --order node/repository/orders/*.dsse >/dev/null && active
| 1
# A server that holds a proof back, or serves an old one, delays; the package is not even fetched.
$ publish 2 && cp -a repo genuine && : >web/access.log
> python3 without.py repo 2.order && publish '' && syncs
stdout 'Order 2: demo 2 cannot be used: log-proof-missing'
$ ! grep -q "packages/.*$(sha256sum 2.csar | cut -c-64)" web/access.log
$ publish 2 && syncs --json
json .result.orders[0].code ""
$ sallyport node install node/repository/packages/$(sha256sum 2.csar | cut -c-64).csar --root node \
>   --verdict $(ls -t node/repository/verdicts/*.dsse | head -1) --order $(ls -t node/repository/orders/*.dsse | head -1) >/dev/null && active
| 2
-- without.py --
"""REPOSITORY ORDER: takes the proof of this order out of what the server lists; it is signed anew by the next publish."""
import base64
import glob
import hashlib
import json
import sys

path = max(glob.glob(sys.argv[1] + "/metadata/*.deliveries.json"), key=lambda p: int(p.split("/")[-1].split(".")[0]))
file = json.load(open(path))
order = hashlib.sha256(base64.b64decode(json.load(open(sys.argv[2]))["payload"])).hexdigest()
del file["signed"]["targets"][f"proofs/{order}.proof"]
json.dump(file, open(path, "w"))
