# A bundle of one pool, made of a folder or of where it is served; stop orders and lists travel in it, believed no more than from a server.
needs root openssl
use repository
$ for f in csar verdict; do cp 2.$f 8.$f; done && sallyport deploy propose 8.csar --verdict 8.verdict --policy policy.json --pool pool-2 \
>   --as alice --key file:alice.key --sequence 8 -o 8.order >/dev/null && approval 8 bob && approval 8 carol && publish 8 && publish 3
$ sallyport bundle export --repository repo --pool pool-1 -o one.bundle --json
json .result.packages 2
$ unzip -Z1 one.bundle
stdout 'targets/orders/pool-1/'
! stdout 'targets/orders/pool-2/'
$ sallyport bundle export --repository repo --pool pool-2 -o two.bundle >/dev/null && unzip -Z1 two.bundle | grep -c 'targets/\(orders\|packages\|verdicts\)/'
| 3
$ refuses 2 usage-error bundle export --repository repo --pool pool-9 -o no.bundle && test ! -e no.bundle
$ web_here repo && sallyport bundle export --repository "$(cat url)" --pool pool-1 -o served.bundle >/dev/null && cmp one.bundle served.bundle
$ rehearses bundle export --repository "$(cat url)" -o all.bundle
json .result.packages 3
$ refuses 5 server-unreachable bundle export --repository http://127.0.0.1:1 -o no.bundle && refuses 5 server-file-missing bundle export --repository "$(cat url)/targets" -o no.bundle
$ sallyport bundle import served.bundle --root node --pin first-root.json
stdout 'Order 1: demo 1 is here.'
stdout 'Order 3: demo 3 is here.'
# Stop orders and lists. F22: what was withdrawn is not offered again, whoever goes on listing it.
$ sallyport deploy stop 3.order --policy policy.json --as bob --key file:bob.key --reason 'wrong build' -o 3.stop >/dev/null
> lists acme && crl acme >acme-1.crl && sallyport deploy publish --repository repo --key file:server.key --stop 3.stop --crl acme-1.crl
stdout 'stops/pool-1/'
stdout 'crls/'
$ sallyport bundle export --repository repo --pool pool-2 -o two-2.bundle >/dev/null && unzip -Z1 two-2.bundle
stdout 'targets/crls/'
! stdout 'targets/stops/'
$ sallyport bundle export --repository repo --pool pool-1 -o one-2.bundle >/dev/null && sallyport bundle import one-2.bundle --root node
stdout 'stop order'
stdout 'dsse: taken in'
stdout 'crl: taken in'
stdout 'Order 3: demo 3 cannot be used: order-stopped'
$ tail -n 3 node/events.jsonl | grep -o '"activity":"[a-z-]*","outcome":"[a-z]*"'
| "activity":"bundle-import","outcome":"accepted"
| "activity":"node-crl","outcome":"accepted"
| "activity":"node-stop-order","outcome":"accepted"
$ refuses_install 4 order-stopped 3 && sallyport bundle import one-2.bundle --root node --json
json .result.papers[0].effect "known"
json .result.papers[1].effect "known"
# A newer list takes the place of an older one, and an older one is refused from then on.
$ crl acme >acme-2.crl && sallyport deploy publish --repository repo --key file:server.key --crl acme-2.crl >/dev/null && syncs --json
json .result.papers[0].effect "taken in"
$ sallyport deploy publish --repository repo --key file:server.key --crl acme-1.crl >/dev/null && syncs --json
json .result.papers[0].code "crl-rollback"
# A captured server stops nothing in anybody's name, and revokes nothing.
$ sallyport deploy stop 1.order --policy policy.json --as alice --key file:alice.key --reason x -o eve.stop >/dev/null
> python3 resign.py eve.stop eve.key && lists stranger && crl stranger >stranger.crl
> sallyport deploy publish --repository repo --key file:server.key --stop eve.stop --crl stranger.crl >/dev/null && syncs
stdout 'crl: refused, signer-unknown'
stdout 'dsse: refused, '
stdout 'Order 1: demo 1 is here.'
-- resign.py --
"""resign.py STOP KEY: the stop order with its signature by another key (Ed25519 PEM)."""
import base64
import json
import subprocess
import sys

envelope = json.load(open(sys.argv[1]))
payload = base64.b64decode(envelope["payload"])
kind = envelope["payloadType"].encode()
open("pae", "wb").write(b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload))
subprocess.run(["openssl", "pkeyutl", "-sign", "-rawin", "-inkey", sys.argv[2], "-in", "pae", "-out", "sig"], check=True)
envelope["signatures"][0]["sig"] = base64.b64encode(open("sig", "rb").read()).decode()
open(sys.argv[1], "w").write(json.dumps(envelope, separators=(",", ":")) + "\n")
