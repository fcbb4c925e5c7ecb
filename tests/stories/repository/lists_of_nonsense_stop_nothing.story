# H08: whoever has the server's key may list what is no recall, and no order, of whatever size: it is told, and what is genuine beside it is taken in.
needs root
use repository
$ web_here repo && syncs --pin first-root.json >/dev/null && publish 2
> echo nonsense >junk && head -c 5000000 /dev/zero >huge && cp 1.order order
> for one in junk huge order; do python3 served.py repo recalls/pool-1/$one.dsse $one || exit; done
> python3 served.py repo orders/pool-1/huge.dsse huge && python3 served.py repo orders/pool-1/junk.dsse junk && publish ''
$ syncs
stdout 'huge.dsse: refused, file-too-large'
stdout 'junk.dsse: refused, envelope-malformed'
stdout 'order.dsse: refused, statement-type-mismatch'
stdout 'demo 2'
$ installs 1 && active
| 1
-- served.py --
"""REPOSITORY TARGET FILE: listed by whoever has the server's files, without asking anybody; signed by the next publish."""
import glob
import hashlib
import json
import os
import shutil
import sys

repo, target, source = sys.argv[1:]
path = max(glob.glob(repo + "/metadata/*.deliveries.json"), key=lambda p: int(p.split("/")[-1].split(".")[0]))
file = json.load(open(path))
content = open(source, "rb").read()
digest = hashlib.sha256(content).hexdigest()
folder, name = target.rsplit("/", 1)
os.makedirs(f"{repo}/targets/{folder}", exist_ok=True)
shutil.copy(source, f"{repo}/targets/{folder}/{digest}.{name}")
file["signed"]["targets"][target] = {"length": len(content), "hashes": {"sha256": digest}}
json.dump(file, open(path, "w"))
