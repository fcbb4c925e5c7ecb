# D19: a witness may have a key of ML-DSA-44 (C2SP tlog-cosignature). A library without it has not looked at such a cosignature, and says so; that one is
# missing any library sees.
use packages
needs openssl
$ cp "$REPO/tests/vectors/hybrid/logged.json" "$REPO/tests/vectors/hybrid/1.csar.proof" . && cp "$REPO/tests/vectors/hybrid/1.csar" logged.csar
> sallyport policy show logged.json
stdout 'log.example/packages, cosigned by 2 of w1.example, w2.example'
$ grep -v '^— w2.example' 1.csar.proof >stripped.proof
> refuses 4 witnesses-missing log verify logged.csar --proof stripped.proof --policy logged.json --at 2026-11-26T12:00:00Z
$ sed 's/^— w1.example /— w2.example /' 1.csar.proof >renamed.proof
> refuses 4 witnesses-missing log verify logged.csar --proof renamed.proof --policy logged.json --at 2026-11-26T12:00:00Z || cat refusal.json
$ if openssl list -signature-algorithms | grep -q ML-DSA-44; then bash with_ml_dsa; else bash without_ml_dsa; fi
| everything was as this library allows
-- without_ml_dsa --
. "$REPO/tests/stories/lib.sh"
set -e
refuses 1 algorithm-unavailable key create --type ml-dsa-44 -o w2.key
refuses 1 algorithm-unavailable log verify logged.csar --proof 1.csar.proof --policy logged.json --at 2026-11-26T12:00:00Z
echo 'everything was as this library allows'
-- with_ml_dsa --
. "$REPO/tests/stories/lib.sh"
set -e
sallyport log verify logged.csar --proof 1.csar.proof --policy logged.json --at 2026-11-26T12:00:00Z | grep -q '^PASS'

# A log of our own, one witness of each kind, asked by hand.
sallyport key create -o log.key >/dev/null
sallyport key create -o w1.key >/dev/null
sallyport key create --type ml-dsa-44 -o w2.key >/dev/null
edited policy.json 'p["log"] = {"origin": "log.example/packages", "key": open("log.key.pub").read(), "quorum": 2,
  "witnesses": [{"name": name + ".example", "key": open(name + ".key.pub").read()} for name in ("w1", "w2")]}' >own.json
mv own.json policy.json
sallyport log create --log log --origin log.example/packages --key file:log.key >/dev/null
sallyport log append 1.csar --log log --key file:log.key >/dev/null
cosigned
sallyport log prove 1.csar --log log -o own.proof >/dev/null
sallyport log verify 1.csar --proof own.proof --policy policy.json | grep -q '^PASS'
sallyport log audit log/public --policy policy.json | grep -q 'witness  *w2.example at '

# OpenSSL verifies the cosignature over what the specification says, put together here from the published checkpoint.
python3 - log/public/checkpoint <<'PYTHON'
import base64, struct, sys
text, lines = open(sys.argv[1]).read().split("\n\n")
origin, size, root = text.split("\n")[:3]
blob = next(base64.b64decode(line.split(" ")[2]) for line in lines.splitlines() if line.startswith("— w2.example "))
stamp = blob[4:12]
opaque = lambda name: bytes([len(name)]) + name.encode()
open("message", "wb").write(b"subtree/v1\n\0" + opaque("w2.example") + stamp + opaque(origin) + struct.pack(">QQ", 0, int(size))
                            + base64.b64decode(root))
open("signature", "wb").write(blob[12:])
PYTHON
openssl pkeyutl -verify -pubin -inkey w2.key.pub -rawin -in message -sigfile signature >openssl.out 2>&1 || { cat openssl.out; exit 1; }

# A later tree over HTTP, as every witness.
for w in w1 w2; do witness_here $w; done
edited policy.json 'for w in p["log"]["witnesses"]: w["url"] = open(w["name"][:2] + ".url").read().strip()' >own.json
mv own.json policy.json
sallyport log append 2.csar --log log --key file:log.key --policy policy.json >/dev/null
sallyport log prove 2.csar --log log -o own.proof >/dev/null
sallyport log verify 2.csar --proof own.proof --policy policy.json | grep -q '^PASS'
echo 'everything was as this library allows'
