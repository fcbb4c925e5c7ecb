# A06, A07, E05: who may sign what comes from the pinned policy alone.
use installed
$ cp 2.csar bad.csar && twin 2 bad && sallyport package sign bad.csar --key file:stranger.key --cert stranger.pem >/dev/null
> refuses_install 3 signer-unknown bad
$ cp 2.csar bad.csar && twin 2 bad && sallyport package sign bad.csar --key file:zeta.key --cert zeta.pem >/dev/null
> refuses_install 4 signer-not-for-product bad
$ sallyport package build --from tree --name demo --version 2 --product demo --counter 2 -o unsigned.csar >/dev/null
> twin 2 unsigned && refuses_install 3 signature-missing unsigned
# The stranger's root has our vendor's name.
$ openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout false-ca.key -out false-ca.pem -subj "/CN=acme root" \
>   -days 30 2>/dev/null && sallyport key csr --key file:stranger.key --cn 'acme release' -o false.csr >/dev/null
> printf 'keyUsage=critical,digitalSignature\nextendedKeyUsage=codeSigning\n' >ext
> openssl x509 -req -in false.csr -CA false-ca.pem -CAkey false-ca.key -days 20 -out false.pem -extfile ext 2>/dev/null
> cp 2.csar bad.csar && sallyport package sign bad.csar --key file:stranger.key --cert false.pem >/dev/null
> refuses_install 3 signer-unknown bad
$ active
| 1
