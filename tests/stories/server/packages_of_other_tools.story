# A package that zip and openssl have made is ONBOARDED with a verdict of its own kind; what it deviates in is tolerated where the configuration says so, by name; and no order and no node takes it.
use server
needs zip
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
> . ./make.sh && make plain.csar && make cased.csar 's/^Source: Artifacts/source: Artifacts/' && make other.csar 's/vnf_product_name: demo/vnf_product_name: other/'
> zip -q option2.zip plain.csar && openssl cms -sign -binary -signer release.pem -inkey release.key -in plain.csar -outform DER -out plain.cms && zip -q option2.zip plain.cms
$ clamd_here && server_config "$(free_port)" >sallyportd.json && server_here && settled "$(uploaded plain.csar)" >shown && cat shown
stdout '"vnfdId":"'
stdout '"vnfProvider":"acme","vnfProductName":"demo","vnfSoftwareVersion":"1.0"'
stdout '"packageSecurityOption":"OPTION_1","onboardingState":"ONBOARDED","operationalState":"ENABLED"'
# By its own digest, since it has no release.
$ grep -c "\"vnfdId\":\"$(sha256sum plain.csar | cut -d' ' -f1)\"" shown && sed 's/^{"id":"\([^"]*\)".*/\1/' shown >id && api 200 node-1 GET "/vnfpkgm/v2/onboarded_vnf_packages/$(sha256sum plain.csar | cut -d' ' -f1)" | grep -c "$(cat id)"
| 1
| 1
$ api 200 node-1 GET "/api/v1/packages/$(cat id)/verdict" >plain.verdict && sallyport intake show plain.verdict --policy policy.json
stdout 'SOL004 option 1, of another tool'
stdout 'outcome      clean'
! stdout 'tolerated '
$ api 404 vendor GET "/vnfpkgm/v2/vnf_packages/$(cat id)/vnfd"
$ settled "$(uploaded option2.zip)"
stdout '"packageSecurityOption":"OPTION_2","onboardingState":"ONBOARDED"'
# The policy says who signs what, here as everywhere.
$ settled "$(uploaded other.csar)"
stdout '"onboardingFailureDetails":{"type":"urn:sallyport:problem:signer-not-for-product"'
# What deviates is refused, and taken by its name.
$ settled "$(uploaded cased.csar)"
stdout '"onboardingState":"ERROR"'
stdout 'urn:sallyport:problem:manifest-malformed'
$ server_gone && server_config "$(free_port)" 's["tolerate"] = ["key-case", "product-names"]' >sallyportd.json && server_here && settled "$(uploaded cased.csar)" | tee shown
stdout '"onboardingState":"ONBOARDED"'
$ api 200 auditor GET "/api/v1/packages/$(sed 's/^{"id":"\([^"]*\)".*/\1/' shown)/verdict" >cased.verdict && sallyport intake show cased.verdict --policy policy.json
stdout 'tolerated    key-case, manifest line'
! stdout 'product-names'
$ server_config 1 's["tolerate"] = ["everything"]' >bad.json && sallyportd --config bad.json --check
[exit 2]
stdout 'failed  configuration'
stdout 'usage-error'
# Nothing is installed by it.
$ refuses 4 package-foreign deploy propose plain.csar --verdict plain.verdict --policy policy.json --pool pool-1 --as alice --key file:alice.key -o x.order
