# Q: whoever owns the server's database and disk can keep a release from a node, and give it no other one.
needs root
use node
use server
$ clamd_here && server_config "$(free_port)" >sallyportd.json && server_here
$ uploaded 1.csar >id && uploaded 2.csar >id2 && settled "$(cat id)" >/dev/null && settled "$(cat id2)" >/dev/null
$ digest() { python3 -c 'import base64, hashlib, json, sys; print(hashlib.sha256(base64.b64decode(json.load(open(sys.argv[1]))["payload"])).hexdigest())' "$1"; }
> api 200 alice-web GET "/api/v1/packages/$(cat id)/verdict" >1.verdict && rm 1.order 2.order && proposal 1 --sequence 1 && digest 1.order >d && api 201 alice-web PUT "/api/v1/orders/$(cat d)" -H 'Content-Type: application/json' --data-binary @1.order
> for who in bob carol; do
>   api 200 node-1 GET "/api/v1/orders/$(cat d)" >1.order && approval 1 $who && api 200 $who-web POST "/api/v1/orders/$(cat d)/approvals" -H 'Content-Type: application/json' --data-binary @1.order >/dev/null || exit 1
> done
$ api 200 node-1 GET "/api/v1/orders/$(cat d)" >1.order && sallyport verify 1.order --policy policy.json
stdout 'a genuine order'
$ server_gone && cp -a server good
# Each is a statement in SQL or on the disk; what the server then serves is what the node is given.
$ cat >attack.sh <<'SH'
> cd "$HOME" && rm -rf server && cp -a good server && python3 attack.py "$1" && server_here >/dev/null || exit 1
> q() { curl -sS --cacert web.tls.pem --cert node-1.tls.pem --key node-1.tls.key -H 'Version: 2.0.0' -o "$1" "$(cat server.url)$2"; }
> q t.csar "/vnfpkgm/v2/vnf_packages/$(cat id)/package_content"; q t.verdict "/api/v1/packages/$(cat id)/verdict"; q t.order "/api/v1/orders/$(cat d)"
> server_gone
> SH
$ for attack in content-of-another content-flipped verdict-of-another verdict-edited verdict-gone order-pool order-nodes order-short order-doubled order-payload-other order-gone all-of-another; do
>   bash attack.sh $attack || exit 1
>   before=$(state node); if sallyport node install t.csar --verdict t.verdict --order t.order --root node --json >said; then echo "installed: $attack"; exit 1; fi
>   [ "$(state node)" = "$before" ] || { echo "changed: $attack"; exit 1; }
>   echo "$attack $(sed 's/.*"error":{"code":"\([^"]*\)".*/\1/' said)"
> done
stdout 'content-of-another '
stdout 'verdict-of-another verdict-other-package'
stdout 'order-pool order-signature-invalid'
stdout 'order-short approvals-missing'
stdout 'order-doubled approver-counted-twice'
stdout 'all-of-another '
# The twin: what was left alone is installed.
$ bash attack.sh nothing && sallyport node install t.csar --verdict t.verdict --order t.order --root node >/dev/null && active
| 1
-- attack.py --
import base64, glob, json, shutil, sqlite3, sys
db = sqlite3.connect("server/server.db")
one, two = open("id").read().strip(), open("id2").read().strip()
order = open("d").read().strip()
attack = sys.argv[1]


def value(column, package):
    return db.execute(f"SELECT {column} FROM packages WHERE id = ?", (package,)).fetchone()[0]


def set_package(column, to):
    db.execute(f"UPDATE packages SET {column} = ? WHERE id = ?", (to, one))


def file_of(package):
    return glob.glob(f"server/data/content/{package}.*")[0]


def change_payload(old, new):
    envelope = json.loads(db.execute("SELECT envelope FROM orders WHERE digest = ?", (order,)).fetchone()[0])
    payload = base64.b64decode(envelope["payload"])
    assert old in payload
    envelope["payload"] = base64.b64encode(payload.replace(old, new)).decode()
    db.execute("UPDATE orders SET envelope = ?", (json.dumps(envelope, separators=(",", ":")) + "\n",))


if attack in ("content-of-another", "all-of-another"):
    shutil.copy(file_of(two), file_of(one))
if attack == "content-flipped":
    with open(file_of(one), "r+b") as f:
        f.seek(6000)
        byte = f.read(1)
        f.seek(6000)
        f.write(bytes([byte[0] ^ 1]))
if attack in ("verdict-of-another", "all-of-another"):
    set_package("verdict", value("verdict", two))
if attack == "verdict-edited":
    verdict = json.loads(value("verdict", one))
    verdict["payload"] = base64.b64encode(base64.b64decode(verdict["payload"]).replace(b'"counter":1', b'"counter":9')).decode()
    set_package("verdict", json.dumps(verdict, separators=(",", ":")) + "\n")
if attack == "verdict-gone":
    set_package("verdict", "")
if attack == "order-pool":
    change_payload(b'"pool-1"', b'"pool-2"')
if attack == "order-nodes":
    change_payload(b'"node-1","node-2"', b'"node-1","node-9"')
if attack == "order-payload-other":
    change_payload(value("content", one).encode(), value("content", two).encode())
if attack == "order-short":
    db.execute("DELETE FROM signatures WHERE position = 1")
if attack == "order-doubled":
    db.execute("UPDATE signatures SET (key_id, signature) = (SELECT key_id, signature FROM signatures WHERE position = 0) WHERE position = 1")
if attack == "order-gone":
    db.execute("DELETE FROM orders")
db.commit()
