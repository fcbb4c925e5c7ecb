# What a web server serves is a log that other programs can check: here, thirty lines of Python from the text of RFC 6962.
needs python3
use packages
$ sallyport key create -o log.key && sallyport log create --log log --origin log.example/x --key file:log.key
$ sallyport log append 1.csar 2.csar 3.csar policy.json --log log --key file:log.key --json
json .result.indices[3] 3
$ sallyport log append 2.csar --log log --key file:log.key --json
json .result.indices[0] 1
json .result.size 4
$ python3 check.py log/public
| log.example/x 4 entries, first of kind package
$ find log/public -type f | sort
| log/public/checkpoint
| log/public/tile/0/000.p/4
| log/public/tile/entries/000.p/4
# Everybody may read what is published.
$ test -z "$(find log/public ! -perm -o=r)"
# An edited entry, an edited tile and an edited checkpoint are found before anything is signed.
$ cp -a log good && printf X | dd of=log/public/tile/0/000.p/4 bs=1 seek=40 conv=notrunc 2>/dev/null
$ refuses 3 log-damaged log append policy.json --log log --key file:log.key
$ rm -r log && cp -a good log && sed -i 's/^4$/5/' log/public/checkpoint && refuses 3 log-signature-invalid log show --log log
# Another key cannot go on with it.
$ rm -r log && cp -a good log && refuses 3 log-key-refused log append 1.csar --log log --key file:alice.key
$ refuses 7 log-already-created log create --log log --origin other --key file:log.key
$ refuses 2 log-not-created log show --log tree
$ sallyport key create -o other.key && cp policy.json other.json && echo >>other.json && refuses 4 entry-not-logged log prove other.json --log log -o p
# A key that checkpoints cannot be signed with.
$ refuses 3 log-key-refused log create --log another --origin log.example/x --key file:release.key
$ refuses 3 log-key-refused log create --log another --origin 'log example' --key file:log.key
-- check.py --
import base64, hashlib, json, pathlib, struct, sys
root = pathlib.Path(sys.argv[1])
leaf = lambda entry: hashlib.sha256(b"\0" + entry).digest()
def tree(hashes):
    if len(hashes) == 1:
        return hashes[0]
    k = 1
    while k * 2 < len(hashes):
        k *= 2
    return hashlib.sha256(b"\1" + tree(hashes[:k]) + tree(hashes[k:])).digest()
origin, size, root_hash = (root / "checkpoint").read_text().splitlines()[:3]
bundle, entries = (root / f"tile/entries/000.p/{size}").read_bytes(), []
while bundle:
    length, = struct.unpack(">H", bundle[:2])
    entries.append(bundle[2:2 + length])
    bundle = bundle[2 + length:]
assert len(entries) == int(size)
assert b"".join(map(leaf, entries)) == (root / f"tile/0/000.p/{size}").read_bytes()
assert tree([leaf(e) for e in entries]) == base64.b64decode(root_hash)
print(origin, size, "entries, first of kind", json.loads(entries[0])["kind"])
