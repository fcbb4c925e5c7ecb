# The medium is trusted no more than a web server: whatever was done to it on the way, a node takes nothing worse from it.
needs root
use repository
$ sallyport bundle export --repository repo -o old.bundle >/dev/null && sallyport bundle import old.bundle --root node --pin first-root.json >/dev/null
> publish 2 && sallyport bundle export --repository repo -o new.bundle >/dev/null
# Bit rot in the package that is needed, and a medium that ends early, at every tenth of it.
$ python3 medium.py rot new.bundle "$(sha256sum 2.csar | cut -c-64).csar" rotten.bundle && sallyport bundle import rotten.bundle --root node
stdout 'Order 2: demo 2 cannot be used: tuf-digest-mismatch'
$ refuses 3 tuf-digest-mismatch verify rotten.bundle --policy policy.json
$ for tenth in 1 2 3 4 5 6 7 8 9; do
>   head -c $(($(stat -c %s new.bundle) * tenth / 10)) new.bundle >cut.bundle
>   sallyport bundle import cut.bundle --root node --json >cut.json || status=$?; test "$status" = 3 || exit 1
>   grep -oE '"code":"(truncated|zip-malformed|zip-bytes-unaccounted)"' cut.json >/dev/null || exit 1
> done
# Members of two media: an old time stamp that goes with new files, and a new one that goes with old files.
$ rm -rf other && cp -a node other && sallyport bundle import new.bundle --root node
stdout 'Order 2: demo 2 is here.'
$ python3 medium.py mix new.bundle old.bundle metadata/timestamp.json mixed.bundle
> refuses 7 tuf-rollback bundle import mixed.bundle --root node
$ python3 medium.py mix old.bundle new.bundle metadata/timestamp.json mixed.bundle
> rm -r node && mv other node && sallyport bundle import mixed.bundle --root node
[exit 5]
stderr 'server-file-missing'
$ sallyport bundle import new.bundle --root node
stdout 'Order 2: demo 2 is here.'
$ refuses 5 server-file-missing verify mixed.bundle --policy policy.json
# An older bundle than the node has seen, and one that is older than the repository's word lasts.
$ refuses 7 tuf-rollback bundle import old.bundle --root node
$ faketime -f +8d sallyport bundle import new.bundle --root node
[exit 4]
stderr 'tuf-expired'
# The bundle of another site, whose officers are not ours.
$ mv repo genuine && first_root 1 server-2 officer-4 && publish '' server-2 && sallyport bundle export --repository repo -o theirs.bundle >/dev/null
> refuses 3 tuf-signatures-missing bundle import theirs.bundle --root node
# Something else than a bundle, a medium with something before or behind it, and an order that nobody approved.
$ refuses 3 zip-malformed bundle import policy.json --root node
$ (printf x && cat new.bundle) >before.bundle && refuses 3 zip-bytes-unaccounted bundle import before.bundle --root node
$ (cat new.bundle && printf x) >behind.bundle && refuses 3 zip-bytes-unaccounted bundle import behind.bundle --root node
-- medium.py --
"""rot BUNDLE MEMBER-ENDING OUT: one bit of the member. mix BUNDLE OTHER MEMBER OUT: this member is OTHER's. The frame fits."""
import sys
import zipfile

what, bundle, *rest, out = sys.argv[1:]
with zipfile.ZipFile(bundle) as source, zipfile.ZipFile(out, "w") as target:
    for info in source.infolist():
        content = source.read(info)
        if what == "rot" and info.filename.endswith(rest[0]):
            content = content[:1000] + bytes([content[1000] ^ 1]) + content[1001:]
        if what == "mix" and info.filename == rest[1]:
            content = zipfile.ZipFile(rest[0]).read(rest[1])
        target.writestr(info, content)
