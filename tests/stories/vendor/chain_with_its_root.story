# A chain file that ends with its root signs as one without: the root is nobody's proof of itself, and stays out of the signature.
use packages
needs openssl
$ cat release.pem acme-ca.pem >chain.pem && sallyport package sign 1.csar --key file:release.key --cert chain.pem -o with-root.csar >/dev/null
> sallyport verify with-root.csar --policy policy.json
stdout 'signature    CN=acme release'
$ unzip -p with-root.csar '*.mf' | sed -n '/BEGIN CMS/,$p' | openssl cms -cmsout -print -inform PEM | grep -c 'd.certificate:'
| 1
# The root of somebody else does not help.
$ cat release.pem zeta-ca.pem >wrong.pem && refuses 3 signer-unknown package sign 1.csar --key file:release.key --cert wrong.pem -o no.csar
