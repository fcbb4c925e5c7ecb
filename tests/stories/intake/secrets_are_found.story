# Private keys and tokens are findings of their own, also inside of archives; without --secrets nobody looks for them.
use packages
$ clamd_here && echo --policy policy.json --key file:intake.key --clamd clamd/clamd.sock >args
$ cp -r tree keyed && openssl genpkey -algorithm ed25519 -out keyed/id_vendor && package keyed keyed 4
> refuses 3 secret-found intake submit keyed.csar $(cat args) --secrets -o keyed.verdict && grep -q '"where":"id_vendor"' refusal.json
$ sallyport intake show keyed.verdict --policy policy.json
stdout 'not-clean'
stdout 'secret-found id_vendor'
stdout 'private_key_pem'
stdout 'clamd says clean'
$ refuses 3 verdict-not-clean verify keyed.verdict --policy policy.json
$ cp -r tree packed && openssl genrsa -out key.pem 2048 2>/dev/null && tar -czf packed/backup.tgz key.pem && package packed packed 4
> refuses 3 secret-found intake submit packed.csar $(cat args) --secrets -o packed.verdict
$ sallyport intake show packed.verdict --policy policy.json
stdout 'backup.tgz'
stdout 'backup.tgz: data: key.pem secrets: private_key_pem'
# The same package, looked at by who does not look for secrets: the verdict says who looked.
$ cp packed.csar other.csar && sallyport intake submit other.csar $(cat args) -o other.verdict
stdout 'outcome      clean'
$ sallyport verify other.verdict --policy policy.json
stdout 'scan coverage clamd: '
stdout 'scan coverage archives: '
# A package without secrets passes with them.
$ sallyport intake submit 1.csar $(cat args) --secrets -o 1.verdict
stdout 'outcome      clean'
$ sallyport verify 1.verdict --policy policy.json
stdout 'scan coverage secrets: 10 files'
