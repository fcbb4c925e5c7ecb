# A verdict says what was scanned, with which engine and database, and that it was all.
use packages
$ clamd_here
$ sallyport intake submit 1.csar --policy policy.json --key file:intake.key --clamd clamd/clamd.sock -o 1.verdict
stdout 'outcome      clean'
stdout 'engine       clamd, ClamAV'
$ sallyport verify 1.verdict --policy policy.json
stdout 'scan coverage clamd: 10 files'
stdout 'all'
# --dry-run does all of it and writes nothing.
$ sallyport intake submit 2.csar --policy policy.json --key file:intake.key --clamd clamd/clamd.sock -o 2.verdict --dry-run >/dev/null
> ! test -e 2.verdict
# Only an intake of the policy gives verdicts, only about packages that verify, and none is overwritten.
$ refuses 3 verdict-signer-unknown intake submit 2.csar --policy policy.json --key file:alice.key --clamd clamd/clamd.sock -o 2.verdict
$ sallyport package build --from tree --name demo --version 4 --product demo --counter 4 -o unsigned.csar >/dev/null
> refuses 3 signature-missing intake submit unsigned.csar --policy policy.json --key file:intake.key --clamd clamd/clamd.sock -o 2.verdict
> ! test -e 2.verdict
$ refuses 2 file-exists intake submit 1.csar --policy policy.json --key file:intake.key --clamd clamd/clamd.sock -o 1.verdict
# Later the verdict, or the database that it rests on, is too old.
$ refuses 4 verdict-stale verify 1.verdict --policy policy.json --at 2099-01-01T00:00:00Z
$ refuses 4 verdict-not-yet-issued verify 1.verdict --policy policy.json --at 2020-01-01T00:00:00Z
