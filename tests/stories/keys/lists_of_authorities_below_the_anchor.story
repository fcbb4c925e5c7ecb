# E12, E14: a list of an authority between vendor and anchor counts on a node when its chain leads there; the report tells what is known, and
# the log takes lists as entries.
use node
needs openssl clamd root
$ printf '%s\n' basicConstraints=critical,CA:TRUE,pathlen:0 keyUsage=critical,keyCertSign,cRLSign subjectKeyIdentifier=hash >ca.ext
> openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout below-ca.key -out below.csr -subj '/CN=acme builds' 2>/dev/null
> openssl x509 -req -in below.csr -CA acme-ca.pem -CAkey acme-ca.key -days 25 -out below-ca.pem -extfile ca.ext 2>/dev/null
> sallyport key create --type p256 -o builder.key >/dev/null && sallyport key csr --key file:builder.key --cn 'acme builder' -o builder.csr >/dev/null
> printf 'keyUsage=critical,digitalSignature\nextendedKeyUsage=codeSigning\n' >leaf.ext
> openssl x509 -req -in builder.csr -CA below-ca.pem -CAkey below-ca.key -days 20 -out builder.pem -extfile leaf.ext 2>/dev/null
> cat builder.pem below-ca.pem >chain.pem && clamd_here
> for n in 5 6; do
>   sallyport package build --from tree --name demo --version $n --product demo --counter $n -o $n.csar >/dev/null
>   sallyport package sign $n.csar --key file:builder.key --cert chain.pem >/dev/null && verdict $n && order $n --sequence $n
> done; clamd_gone
# Of whom a list is, its chain shows, and nothing else does.
$ lists below && crl below >below-1.crl && refuses 3 signer-unknown node crl below-1.crl --root node
> refuses 3 signer-unknown node crl below-1.crl --issuer stranger-ca.pem --root node
> cp builder.key leaf-ca.key && cp builder.pem leaf-ca.pem && lists leaf && crl leaf >leaf.crl
> refuses 3 certificate-usage-refused node crl leaf.crl --issuer chain.pem --root node
> openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout other-ca.key -out other-ca.pem -subj '/CN=acme builds' -days 9 2>/dev/null
> lists other && crl other >other.crl && refuses 3 crl-signature-invalid node crl other.crl --issuer below-ca.pem --root node
> refuses 3 signer-unknown node crl other.crl --issuer other-ca.pem --root node
$ sallyport node crl below-1.crl --issuer below-ca.pem --root node
stdout '01 of CN=acme builds'
$ installs 5 && sallyport evidence run --root node -o clean >/dev/null && sallyport evidence report clean -o clean.html --key node/node.pub >/dev/null
> grep -A1 '<dt>Revocation' clean.html
stdout 'CN=acme builds: number 01, of the node, issued 20'
stdout 'package of generation 1: CN=acme builder: not revoked by list 01 of CN=acme builds'
stdout 'package of generation 1: CN=acme builds: not checked: no list of CN=acme root'
$ revoke below builder keyCompromise && crl below >below-2.crl && sallyport node crl below-2.crl --issuer chain.pem --root node
stdout '02 of CN=acme builds, 1 certificate(s) revoked'
$ refuses_install 3 certificate-revoked 6 && refuses 7 crl-rollback node crl below-1.crl --issuer below-ca.pem --root node && active
| 5
# What the node knows is in its evidence: which list, how old, of which number, and what it says.
$ sallyport evidence run --root node -o evidence >/dev/null 2>&1 || true; sallyport evidence report evidence -o evidence.html --key node/node.pub >/dev/null
> grep -A1 '<dt>Revocation' evidence.html
stdout 'CN=acme builds: number 02, of the node, issued 20'
stdout '(0 days before the run), next due 20'
stdout '1 certificate(s) revoked'
stdout 'package of generation 1: would be refused now, certificate-revoked: CN=acme builder'
$ sallyport evidence verify evidence --key node/node.pub >/dev/null && tamper payload evidence/evidence.dsse changed && cp changed evidence/evidence.dsse
> refuses 3 evidence-malformed evidence verify evidence --key node/node.pub
# In the log: one entry, whatever the form.
$ sallyport key create -o log.key >/dev/null && sallyport log create --log log --origin log.example/lists --key file:log.key >/dev/null
> openssl crl -in below-2.crl -outform der -out below-2.der 2>/dev/null
> sallyport log append below-1.crl below-2.crl below-2.der --log log --key file:log.key --json
json .result.indices[1] 1
json .result.indices[2] 1
json .result.size 2
$ sallyport log prove below-2.der --log log -o list.proof >/dev/null && sallyport log show --log log
stdout 'revocations '
