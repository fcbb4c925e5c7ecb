# E12, E14: a list of an authority below the anchor is served with the certificates that show whose it is; a node believes both no more than by hand.
needs root openssl
use repository
$ printf '%s\n' basicConstraints=critical,CA:TRUE,pathlen:0 keyUsage=critical,keyCertSign,cRLSign subjectKeyIdentifier=hash >ca.ext
> openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout below-ca.key -out below.csr -subj '/CN=acme builds' 2>/dev/null
> openssl x509 -req -in below.csr -CA acme-ca.pem -CAkey acme-ca.key -days 25 -out below-ca.pem -extfile ca.ext 2>/dev/null
> lists below && crl below >below-1.crl && crl below >below-2.crl && lists acme && crl acme >acme-1.crl
# Without its certificate the list is of nobody; told, and in nobody's way.
$ sallyport deploy publish --repository repo --key file:server.key --crl below-1.crl >/dev/null && web_here repo && syncs --pin first-root.json --json
json .result.papers[0].code "signer-unknown"
json .result.orders[0].sequence 1
# With it, it is taken in; lists of an anchor need none, and get none.
$ sallyport deploy publish --repository repo --key file:server.key --crl below-1.crl --crl acme-1.crl --issuer below-ca.pem --json
stdout '.pem"'
$ ls repo/targets/crls | grep -c 'pem$'
| 1
$ syncs --json
json .result.papers[0].effect "taken in"
json .result.papers[1].effect "taken in"
# The newer list keeps the certificate of the one before.
$ sallyport deploy publish --repository repo --key file:server.key --crl below-2.crl >/dev/null && syncs
stdout 'crl: taken in'
$ refuses 7 crl-rollback node crl below-1.crl --issuer below-ca.pem --root node
# In a bundle as well.
$ sallyport bundle export --repository repo -o all.bundle >/dev/null && unzip -Z1 all.bundle | grep -c 'crls/.*pem$'
| 1
# Certificates that lead nowhere: the list is refused, the rest is taken in.
$ openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout other-ca.key -out other-ca.pem -subj '/CN=acme builds' -days 9 2>/dev/null
> lists other && crl other >other.crl && sallyport deploy publish --repository repo --key file:server.key --crl other.crl --issuer other-ca.pem >/dev/null
> syncs
stdout 'crl: refused, signer-unknown'
stdout 'Order 1: demo 1 is here.'
