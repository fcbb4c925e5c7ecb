# E12, E13, E14: what revocation lists and OCSP responses do to packages; docs/spec/revocation.md has the table.
use stamped
needs openssl
$ lists acme && crl acme >acme-1.crl
$ edited policy.json 'p["sources"][0]["revocation"] = {"crls": [open("acme-1.crl").read()]}' >known.json
> sallyport verify 1.csar --policy known.json
stdout 'revocation   CN=acme release'
stdout 'not revoked by list 01 of CN=acme root'
$ sallyport verify 1.csar --policy policy.json
stdout 'not checked: no list of CN=acme root'
# Superseded: what was stamped before stands, what nobody can date does not.
$ cp 1.csar stamped.csar && stamp stamped && sleep 4
> revoke acme release superseded && crl acme >acme-2.crl
> edited policy.json 'p["sources"][0]["revocation"] = {"crls": [open(f).read() for f in ["acme-2.crl", "acme-1.crl"]]}' >revoked.json
> refuses 3 certificate-revoked verify 1.csar --policy revoked.json
$ sallyport verify stamped.csar --policy revoked.json
stdout 'before it was revoked'
# The key in other hands: no stamp helps.
$ sed -i 's/superseded/keyCompromise/' acme-db/index && crl acme >acme-3.crl
> edited policy.json 'p["sources"][0]["revocation"] = {"crls": [open("acme-3.crl").read()]}' >stolen.json
> refuses 3 certificate-revoked verify stamped.csar --policy stolen.json
# A clock that is set back changes nothing.
$ refuses 3 certificate-revoked verify 1.csar --policy stolen.json --at "$(date -u -d '+1 minute' +%FT%TZ)"
# What has to be known, and is not, or not any more.
$ edited policy.json 'p["sources"][0]["revocation"] = {"need": "required"}' >required.json
> refuses 4 revocation-unknown verify 1.csar --policy required.json
$ edited known.json 'p["sources"][0]["revocation"]["need"] = "required"' >required.json
> sallyport verify 1.csar --policy required.json >/dev/null
> refuses 4 revocation-stale verify 1.csar --policy required.json --at "$(in_days 8)"
# An OCSP response in the package serves as well; other tools still read it.
$ edited policy.json 'p["sources"][0]["revocation"] = {"need": "required"}' >required.json
> sed -i 's/^R/V/; s/\t[0-9]*Z,keyCompromise\t/\t\t/' acme-db/index
> openssl ocsp -issuer acme-ca.pem -cert release.pem -reqout o.req -no_nonce
> openssl ocsp -index acme-db/index -CA acme-ca.pem -rsigner acme-ca.pem -rkey acme-ca.key -reqin o.req -respout o.der -ndays 5
> sallyport package staple 1.csar --ocsp o.der -o stapled.csar
stdout 'responder    CN=acme root'
$ sallyport verify stapled.csar --policy required.json
stdout 'not revoked by the OCSP response of CN=acme root'
$ refuses 4 revocation-stale verify stapled.csar --policy required.json --at "$(in_days 6)"
$ unzip -p stapled.csar '*.mf' | sed '/-----BEGIN CMS/,$d' >octets && unzip -p stapled.csar '*.mf' | sed -n '/-----BEGIN CMS/,$p' >cms
> openssl cms -verify -binary -inform PEM -in cms -content octets -CAfile acme-ca.pem -purpose any -out /dev/null
stderr 'successful'
# A list that is none does not load, nor one that is a delta.
$ edited policy.json 'p["sources"][0]["revocation"] = {"crls": [open("release.pem").read()]}' >bad.json
> refuses 4 policy-malformed policy check bad.json
