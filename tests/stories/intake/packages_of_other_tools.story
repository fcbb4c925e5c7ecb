# A package that zip and openssl have made gets a verdict of its own kind, and nothing is installed by it.
use packages
needs clamd openssl zip
$ clamd_here && echo --policy policy.json --key file:intake.key --clamd clamd/clamd.sock >args
$ mkdir -p csar/TOSCA-Metadata csar/Definitions csar/Artifacts && printf 'TOSCA-Meta-File-Version: 1.0\nCSAR-Version: 1.1\nCreated-By: Other\nEntry-Definitions: Definitions/vnf.yaml\nETSI-Entry-Manifest: Definitions/vnf.mf\n' >csar/TOSCA-Metadata/TOSCA.meta
> echo 'tosca_definitions_version: tosca_simple_yaml_1_2' >csar/Definitions/vnf.yaml && seq 20000 >csar/Artifacts/image.txt
$ cat >make.sh <<'SH'
> # make FILE [SED]: the manifest, changed, signed, and all of it as FILE.
> make() {
>   (cd csar && printf 'metadata:\n  vnf_product_name: demo\n  vnf_provider_id: Acme\n  vnf_package_version: 1.0\n  vnf_release_date_time: 2025-06-01T12:00:00+02:00\n\n' &&
>     find . -type f ! -name '*.mf' -printf '%P\n' | sort | while read -r f; do
>       printf 'Source: %s\nAlgorithm: SHA-256\nHash: %s\n\n' "$f" "$(sha256sum "$f" | cut -d' ' -f1)"; done) | sed "${2:-}" >octets
>   openssl cms -sign -binary -signer release.pem -inkey release.key -in octets -outform PEM | cat octets - >csar/Definitions/vnf.mf
>   (cd csar && zip -qr "../$1" .)
> }
> SH
> . ./make.sh && make plain.csar
$ sallyport intake submit plain.csar $(cat args) -o plain.verdict
stdout 'SOL004 option 1, of another tool'
stdout 'outcome      clean'
stdout '4 files,'
stdout 'No node installs this package'
stdout 'package build --wrap'
# Every byte that comes out was scanned.
$ sallyport intake submit plain.csar $(cat args) -o again.verdict --dry-run --json | grep -o "scanned 4 files, $(($(find csar -type f -printf '%s\n' | paste -sd+))) bytes"
stdout 'scanned 4 files'
$ sallyport intake show plain.verdict --policy policy.json
stdout 'source       acme'
stdout 'version      1.0'
$ sallyport verify plain.verdict --policy policy.json
stdout 'scan coverage'
$ sallyport inspect plain.verdict
stdout 'SOL004 option 1'
# What deviates is refused, taken by its name, and said by the verdict; what was allowed and not needed is not.
$ . ./make.sh && make cased.csar 's/^Source: Artifacts/source: Artifacts/' && refuses 3 manifest-malformed intake submit cased.csar $(cat args) -o cased.verdict && ! test -e cased.verdict
$ refuses 3 manifest-malformed intake submit cased.csar --tolerate product-names $(cat args) -o cased.verdict && ! test -e cased.verdict
$ sallyport intake submit cased.csar --tolerate key-case --tolerate upper-case-hashes $(cat args) -o cased.verdict --json
json .result.tolerated[0].name "key-case"
json .result.tolerated[0].count 1
! stdout 'upper-case-hashes'
$ sallyport intake show cased.verdict --policy policy.json
stdout 'tolerated    key-case, manifest line'
$ refuses 2 usage-error intake submit plain.csar --tolerate everything $(cat args) -o other.verdict
# The policy says who signs what, here as everywhere.
$ . ./make.sh && make other.csar 's/vnf_product_name: demo/vnf_product_name: other/' && refuses 4 signer-not-for-product intake submit other.csar $(cat args) -o other.verdict && ! test -e other.verdict
# Nothing is proposed by it, whatever it is shown with.
$ refuses 4 package-foreign deploy propose plain.csar --verdict plain.verdict --policy policy.json --pool pool-1 --as alice --key file:alice.key -o x.order
$ grep -o 'package build --wrap' refusal.json
stdout 'wrap'
$ refuses 4 package-foreign deploy propose 1.csar --verdict plain.verdict --policy policy.json --pool pool-1 --as alice --key file:alice.key -o x.order && ! test -e x.order
# Malware in a compressed member, in a CSAR that is compressed in its turn.
$ cp -r csar clean && printf 'X5O!P%%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*' >csar/Artifacts/tool && . ./make.sh && make vnf.csar
> openssl cms -sign -binary -signer release.pem -inkey release.key -in vnf.csar -outform DER -out vnf.cms && zip -q option2.zip vnf.csar vnf.cms
$ refuses 3 malware-found intake submit option2.zip $(cat args) -o option2.verdict
$ sallyport intake show option2.verdict --policy policy.json
stdout 'SOL004 option 2, of another tool'
stdout 'not-clean'
stdout 'vnf.csar: Artifacts/tool'
$ refuses 3 verdict-not-clean verify option2.verdict --policy policy.json
