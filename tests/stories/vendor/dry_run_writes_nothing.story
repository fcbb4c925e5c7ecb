# --dry-run of the commands that only write files: all of the work, the name of what would be written, and no file.
use packages
$ ls -lA --time-style=full-iso >before && sha256sum * 2>/dev/null >sums || true
$ dry() { sallyport "$@" --dry-run; if [ "$(ls -A | grep -vc '^before$\|^sums$\|^said$')" != "$(grep -vc '^total\| before$' before)" ]; then echo "something new: $*"; fi; }
> dry key create -o new.key && dry key show alice.key.pub -o copy.pub && dry key csr --key file:alice.key --cn x -o x.csr
> dry package build --from tree --name demo --version 9 --product demo --counter 9 -o 9.csar
> dry package sign 1.csar --key file:zeta.key --cert zeta.pem
> dry policy init --name X --source acme:demo:acme-ca.pem --person alice:operations:alice.key.pub \
>   --person bob:security:bob.key.pub --intake intake-1:intake.key.pub --pool p:demo:n --approvals 1 -o p.json
> sha256sum --quiet -c sums
stdout 'Would write new.key'
stdout 'Would write new.key.pub'
stdout 'Would write copy.pub'
stdout 'Would write x.csr'
stdout 'Would write 9.csar: '
stdout 'Would sign and write 1.csar'
stdout 'Would write p.json'
! stdout 'something new'
# What it says is what then happens: the same digest. And what would be refused is refused.
$ build() { sallyport package build --from tree --name demo --version 9 --product demo --counter 9 -o 9.csar --json "$@" | grep -o '"package":"[0-9a-f]*"'; }
> build --dry-run >first && build | cmp - first
$ refuses 2 file-exists package build --from tree --name demo --version 9 --product demo --counter 9 -o 9.csar --dry-run
$ refuses 2 file-exists key create -o alice.key --dry-run
$ refuses 1 key-unusable package sign 9.csar --key file:zeta.key --cert release.pem --dry-run
# A key whose public part would be in the way is not made at all.
$ echo mine >other.key.pub && refuses 2 file-exists key create -o other.key && test ! -e other.key
# The folder that it would go to is not touched either: what watches it sees nothing.
$ mkdir out && cp 1.csar out/ && touch -d 2026-01-01 out && sallyport package build --from tree --name demo --version 9 --product demo --counter 9 -o out/9.csar --dry-run >said
> sallyport package sign out/1.csar --key file:release.key --cert release.pem --dry-run >>said && sallyport key csr --key file:alice.key --cn x -o out/x.csr --dry-run >>said
> date -r out +%F
| 2026-01-01
$ refuses 2 file-missing key csr --key file:alice.key --cn x -o nowhere/x.csr --dry-run
