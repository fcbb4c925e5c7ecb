# From a publisher's signed archive to a node: what is kept as provenance is scanned like everything else, and nothing of it is installed.
use node
needs openssl
$ openssl genpkey -algorithm ed25519 -out ed.key && openssl pkey -in ed.key -pubout -out ed.pub && mkdir -p app/bin && cp /bin/true app/bin/demo && tar -C app -czf app.tar.gz bin && openssl pkeyutl -sign -rawin -inkey ed.key -in app.tar.gz -out app.sig
$ wrap() { sallyport package build --wrap "$1.tar.gz" --signature "$1.sig" --publisher-key ed.pub --name demo --version 9 --product demo --counter 9 -o "$2.csar" >/dev/null && sallyport package sign "$2.csar" --key file:release.key --cert release.pem >/dev/null; }
> clamd_here && wrap app w && verdict w && order w && clamd_gone && sallyport verify w.verdict --policy policy.json
# Whoever approves it reads whose it was.
$ sallyport deploy review w.order --policy policy.json --package w.csar
stdout 'app.tar.gz (tar), signed by Ed25519, key '
$ installs w && active
| 9
$ find node -name 'app.*' -o -name 'provenance.json' -o -name 'ed.pub' | wc -l
| 0
# The same with something in the archive that no engine likes.
$ printf 'X5O!P%%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*' >app/bin/more && tar -C app -czf bad.tar.gz bin && openssl pkeyutl -sign -rawin -inkey ed.key -in bad.tar.gz -out bad.sig
> wrap() { sallyport package build --wrap "$1.tar.gz" --signature "$1.sig" --publisher-key ed.pub --name demo --version 9 --product demo --counter 9 -o "$2.csar" >/dev/null && sallyport package sign "$2.csar" --key file:release.key --cert release.pem >/dev/null; }
> clamd_here && wrap bad b && sallyport intake submit b.csar --policy policy.json --key file:intake.key --clamd clamd/clamd.sock -o b.verdict
[exit 3]
stdout 'Files/Provenance/originals/bad.tar.gz'
stdout 'bin/more'
