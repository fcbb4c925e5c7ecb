# E06, E07: a package whose certificate has expired since it was signed verifies when a time stamp proves when that was, and the policy
# names the authority; the stamp is carried by hand here, as to a place without a network.
use stamped
needs openssl
$ refuses 3 certificate-expired verify 1.csar --policy policy.json --at "$(in_days 25)"
$ sallyport package timestamp 1.csar --query-out 1.tsq
stdout 'package timestamp 1.csar --reply'
$ openssl ts -query -in 1.tsq -text
stdout 'Hash Algorithm: sha256'
$ stamps 1.tsq 1.tsr && sallyport package timestamp 1.csar --reply 1.tsr -o stamped.csar
stdout 'authority    CN=Stamps of Example'
$ sallyport verify stamped.csar --policy policy.json --at "$(in_days 25)"
stdout 'time stamp'
stdout 'by CN=Stamps of Example'
# Nothing of the release has changed, and other tools read the package as before.
$ sallyport diff 1.csar stamped.csar
$ unzip -p stamped.csar '*.mf' | sed '/-----BEGIN CMS/,$d' >octets && unzip -p stamped.csar '*.mf' | sed -n '/-----BEGIN CMS/,$p' >cms
> openssl cms -verify -binary -inform PEM -in cms -content octets -CAfile acme-ca.pem -purpose any -out /dev/null
stderr 'successful'
# Over the network it is one step.
$ tsa_here && sallyport package timestamp 1.csar --tsa "$(cat tsa.url)" -o fetched.csar
stdout 'authority    CN=Stamps of Example'
$ sallyport verify fetched.csar --policy policy.json --at "$(in_days 25)" >/dev/null
$ refuses 5 server-unreachable package timestamp 1.csar --tsa http://127.0.0.1:1/
$ refuses 2 url-invalid package timestamp 1.csar --tsa ftp://127.0.0.1/
# The policy has to name the authority; the one without it says that it did not look.
$ edited policy.json 'del p["sources"][0]["time_stamps"]' >none.json
> refuses 3 certificate-expired verify stamped.csar --policy none.json --at "$(in_days 25)"
$ sallyport verify stamped.csar --policy none.json
stdout 'not looked at: the policy names no authority for it'
# E08: another authority with the same key; E09: the stamp of another package. A bad stamp refuses what would verify without it.
$ stamps 1.tsq other.tsr other-stamps && sallyport package timestamp 1.csar --reply other.tsr -o other.csar >/dev/null
> refuses 3 time-stamp-signer-unknown verify other.csar --policy policy.json
$ refuses 3 time-stamp-invalid package timestamp 2.csar --reply 1.tsr
# The stamp may be required, and a package that was signed again has lost it.
$ edited policy.json 'p["sources"][0]["time_stamps"]["need"] = "required"' >required.json
> sallyport verify stamped.csar --policy required.json >/dev/null && refuses 4 time-stamp-missing verify 1.csar --policy required.json
$ sallyport package sign stamped.csar --key file:release.key --cert release.pem >/dev/null
> refuses 4 time-stamp-missing verify stamped.csar --policy required.json
$ sallyport policy show required.json
stdout 'time stamps: by CN=stamps root, required'
# Who signs is not who says when: a policy that names one key for both does not load.
$ edited policy.json 'p["sources"][0]["time_stamps"]["anchors"] = p["sources"][0]["anchors"]' >bad.json && refuses 4 policy-malformed policy check bad.json
> cat refusal.json
stdout 'sources.acme.time_stamps.anchors[0]'
# An authority that says no.
$ sed 's/digests = sha256/digests = sha512/' ts.cnf >strict.cnf && mv strict.cnf ts.cnf
> stamps 1.tsq no.tsr && refuses 5 time-stamp-not-granted package timestamp 1.csar --reply no.tsr
# Stamping is for signed packages, and one thing at a time.
$ sallyport package build --from tree --name demo --version 9 --product demo --counter 9 -o unsigned.csar >/dev/null
> refuses 3 signature-missing package timestamp unsigned.csar --query-out no.tsq
$ refuses 2 usage-error package timestamp 1.csar
$ cp 2.csar before.csar && sallyport package timestamp 2.csar --query-out 2.tsq --dry-run && test ! -e 2.tsq && cmp 2.csar before.csar
