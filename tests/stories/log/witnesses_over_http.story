# Witnesses behind HTTP: `log append --policy` asks them by itself, and what everybody reads is served by nginx.
needs nginx
use logged
$ witness_here w1 --events w1.events && witness_here w2 && asking w1 w2
$ cat w1.err
stdout 'The witness w1.example listens on http://127.0.0.1:'
$ sallyport log append 1.csar 1.verdict 1.order --log log --key file:log.key --policy asking.json
stdout 'w1.example  cosigned'
stdout 'w2.example  cosigned'
$ sallyport log prove 1.order --log log -o 1.order.proof && installs 1
# One is down: what was appended stays appended, and is cosigned when it is there again.
$ witness_gone w2 && refuses 4 witnesses-missing log append 2.csar 2.verdict 2.order --log log --key file:log.key --policy asking.json
$ grep -o '"name":"w[12].example","url":"[^"]*","answer":"[^"]*"' refusal.json | sed 's/"url":"[^"]*",//'
| "name":"w1.example","answer":"cosigned"
| "name":"w2.example","answer":"server-unreachable"
$ witness_here w2 && sallyport log cosign --log log --policy asking.json
stdout 'w2.example  cosigned'
$ sallyport log prove 2.order --log log -o 2.order.proof && installs 2
# The same over a port on which nobody speaks HTTP, and from an address where another witness answers.
$ asking w1 && sed -i 's,\(http://127.0.0.1:\)[0-9]*,\11,' asking.json && refuses 4 witnesses-missing log append 3.csar --log log --key file:log.key --policy asking.json
$ cp w2.url w1.url && asking w1 && refuses 4 witnesses-missing log cosign --log log --policy asking.json
$ grep -o '"answer":"[^"]*"' refusal.json
| "answer":"log-key-refused"
# The events of the witness that keeps some.
$ grep -c '"effect":"cosigned [36] entries"' w1.events
| 3
# Everybody may read along.
$ web_here log/public && python3 fetch.py "$(cat url)"
| log.example/packages 7 entries
$ witness_gone w1 && cat w1.out
stdout 'Cosigned 3 times.'
-- fetch.py --
import hashlib, struct, sys, urllib.request
get = lambda path: urllib.request.urlopen(f"{sys.argv[1]}/{path}").read()
origin, size = get("checkpoint").decode().splitlines()[:2]
bundle, hashes = get(f"tile/entries/000.p/{size}"), b""
while bundle:
    length, = struct.unpack(">H", bundle[:2])
    hashes += hashlib.sha256(b"\0" + bundle[2:2 + length]).digest()
    bundle = bundle[2 + length:]
assert hashes == get(f"tile/0/000.p/{size}")
print(origin, size, "entries")
