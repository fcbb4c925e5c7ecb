# Signing replaces the file in one step, and a signature that was there; what would be refused later is not signed.
use packages
$ sallyport verify 1.csar --policy policy.json
stdout 'signature    CN=acme release'
$ sallyport package sign 1.csar --key file:zeta.key --cert zeta.pem -o other.csar
stdout 'CN=zeta release'
$ refuses 4 signer-not-for-product verify other.csar --policy policy.json
$ sallyport package sign other.csar --key file:release.key --cert release.pem >/dev/null
> sallyport verify other.csar --policy policy.json
stdout 'signature    CN=acme release'
$ sallyport diff 1.csar other.csar

# A key that does not fit the certificate, a certificate that is not for signing code, one that has expired.
$ refuses 1 key-unusable package sign other.csar --key file:zeta.key --cert release.pem
$ openssl x509 -req -in <(sallyport key csr --key file:release.key --cn plain -o plain.csr >/dev/null; cat plain.csr) \
>   -CA acme-ca.pem -CAkey acme-ca.key -days 9 -out plain.pem 2>/dev/null
> refuses 3 certificate-usage-refused package sign other.csar --key file:release.key --cert plain.pem
$ refuses 3 certificate-expired package sign other.csar --key file:release.key --cert release.pem --at 2040-01-01T00:00:00Z
# Damaged on the way to the signer: nothing of it is signed, and the file stays as it was.
$ tamper flip 1.csar Artifacts/content.pack bad.csar && cp bad.csar before.csar
> refuses 3 member-digest-mismatch package sign bad.csar --key file:release.key --cert release.pem && cmp bad.csar before.csar
$ ls | grep -c '\.partial\|\.tmp' || true
| 0
