# E15: an anchor replaced one for one counts from the next command on, and the old one no more. E17: who somebody is, their key says and no name.
use packages
needs openssl
$ sallyport verify 1.csar --policy policy.json >/dev/null && cp policy.json old.json && cp 1.csar theirs.csar
> sallyport package sign theirs.csar --key file:stranger.key --cert stranger.pem >/dev/null && refuses 3 signer-unknown verify theirs.csar --policy policy.json
$ edited old.json 'p["sources"][0]["anchors"] = [open("stranger-ca.pem").read()]' >policy.json
> refuses 3 signer-unknown verify 1.csar --policy policy.json && sallyport verify theirs.csar --policy policy.json
stdout 'signature    CN=stranger release'
# An authority of the same name with another key, and a certificate that says to be its own issuer and is not.
$ openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout twin-ca.key -out twin-ca.pem -subj '/CN=acme root' -days 30 2>/dev/null
> sallyport key create --type p256 -o twin.key >/dev/null && sallyport key csr --key file:twin.key --cn 'acme release' -o twin.csr >/dev/null
> printf 'keyUsage=critical,digitalSignature\nextendedKeyUsage=codeSigning\n' >ext
> openssl x509 -req -in twin.csr -CA twin-ca.pem -CAkey twin-ca.key -days 20 -out twin.pem -extfile ext 2>/dev/null
> for chain in twin.pem 'twin.pem twin-ca.pem'; do cat $chain >chain.pem; cp 1.csar twin.csar; sallyport package sign twin.csar --key file:twin.key --cert chain.pem >/dev/null
>   refuses 3 signer-unknown verify twin.csar --policy old.json || exit 1; done
$ sallyport key csr --key file:twin.key --cn 'acme root' -o self.csr >/dev/null && openssl x509 -req -in self.csr -CA acme-ca.pem -CAkey acme-ca.key -days 20 -out self.pem -extfile ext 2>/dev/null
> openssl x509 -in self.pem -noout -subject -issuer -nameopt RFC2253
stdout 'subject=CN=acme root'
stdout 'issuer=CN=acme root'
$ cp 1.csar self.csar && sallyport package sign self.csar --key file:twin.key --cert self.pem >/dev/null && sallyport verify self.csar --policy old.json
stdout 'anchor CN=acme root'
$ refuses 3 signer-unknown verify self.csar --policy policy.json
