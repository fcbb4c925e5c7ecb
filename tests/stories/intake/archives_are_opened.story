# H02, B20, B30: archives in contents are opened by us; what cannot be opened, or lies too deep, is not clean.
use packages
needs zip
$ clamd_here && echo --policy policy.json --key file:intake.key --clamd clamd/clamd.sock >args && echo harmless >plain
> cp plain layer && for _ in 1 2 3 4 5 6 7 8; do rm -f next.zip && zip -q next.zip layer && mv next.zip layer; done && cp -r tree eight && cp layer eight/data
> cp -r tree nine && zip -q nine/data.zip layer && mv nine/data.zip nine/data && package eight eight 4 && package nine nine 4
$ sallyport intake submit eight.csar $(cat args) -o eight.verdict
stdout 'outcome      clean'
stdout 'engine       archives, libarchive'
$ refuses 3 archive-limit-exceeded intake submit nine.csar $(cat args) -o nine.verdict
$ cp -r tree broken && head -c 100000 /dev/urandom | gzip -c >whole.gz && head -c 50000 whole.gz >broken/data && package broken broken 4
> refuses 3 archive-unreadable intake submit broken.csar $(cat args) -o broken.verdict
$ sallyport intake show broken.verdict --policy policy.json
stdout 'archive-unreadable data'
# An encrypted archive in a compressed one.
$ cp -r tree locked && zip -q -P password inner.zip plain && gzip -c inner.zip >locked/data && package locked locked 4
> ! sallyport intake submit locked.csar $(cat args) -o locked.verdict >/dev/null 2>&1
$ sallyport intake show locked.verdict --policy policy.json
stdout 'archive-encrypted data'
# What grows beyond reason: 200 MB of zeros, compressed twice.
$ cp -r tree bomb && head -c 200000000 /dev/zero | gzip -9 -c | gzip -9 -c >bomb/data && package bomb bomb 4
> ! sallyport intake submit bomb.csar $(cat args) -o bomb.verdict >/dev/null 2>&1
$ sallyport intake show bomb.verdict --policy policy.json
stdout 'archive-limit-exceeded data'
