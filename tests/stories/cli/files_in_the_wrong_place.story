# A file or a key that is given where another one belongs is told by its name, with the command that takes it.
use packages
$ cp alice.key.pub open.pub && chmod 644 open.pub && sallyport key show file:open.pub
[exit 1]
stderr 'a public key: give its file by name alone'
! stderr 'permissions'
$ sallyport key show alice.key
[exit 2]
stderr 'a private key: its public part is in the file FILE.pub'
$ sallyport key show acme-ca.pem
[exit 2]
stderr 'a certificate'
$ sallyport policy init --name X --source acme:demo:acme-ca.pem --person alice:operations:alice.key --intake i:intake.key.pub --pool p:demo:n -o x.json
[exit 2]
stderr 'alice.key'
stderr 'a private key'
# What `verify` and `inspect` do not read.
$ edited policy.json 'p["officers"] = {"roles": ["security"], "persons": 1}' >officers.json && edited officers.json 'p["version"] = 2' >2.json
> sallyport policy approve 2.json --policy officers.json --as bob --key file:bob.key >/dev/null && sallyport inspect 2.json.signed
[exit 3]
stderr 'a signed policy: `sallyport policy review` shows it'
$ refuses 3 statement-type-mismatch verify 2.json.signed --policy officers.json
$ refuses 3 statement-type-mismatch verify acme-ca.pem --policy policy.json && grep -o 'certificates (PEM)' refusal.json
| certificates (PEM)
$ refuses 3 statement-type-mismatch verify alice.key.pub --policy policy.json && grep -o 'sallyport key show' refusal.json
| sallyport key show
$ printf 'c2sp.org/tlog-proof@v1\nindex 1\n' >p && refuses 3 statement-type-mismatch inspect p && grep -o 'sallyport log verify' refusal.json
| sallyport log verify
$ printf -- '-----BEGIN X509 CRL-----\n' >crl && refuses 3 statement-type-mismatch verify crl --policy policy.json && grep -o 'sallyport node crl' refusal.json
| sallyport node crl
$ printf '!<arch>\ndebian-binary' >a.deb && refuses 3 statement-type-mismatch verify a.deb --policy policy.json && grep -o 'package build --wrap' refusal.json
| package build --wrap
$ printf '{"_type":"https://in-toto.io/Statement/v1","subject":[],"predicateType":"urn:sallyport:baseline:v1"}' >b && refuses 3 statement-type-mismatch inspect b && grep -o 'sallyport baseline review' refusal.json
| sallyport baseline review
$ mkdir run && touch run/evidence.json && sallyport inspect run
[exit 2]
stderr 'a folder of evidence'
$ sallyport verify run --policy policy.json
stderr 'evidence.dsse'
[exit 2]
$ refuses 2 file-missing verify 1.csar --policy policy.json --events nowhere/events.jsonl && grep -o 'a folder to write the event log in' refusal.json
| a folder to write the event log in
