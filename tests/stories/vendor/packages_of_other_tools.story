# Packages that zip, Python and openssl have made are verified as they are; of broken ones everything is told that is wrong.
use packages
needs openssl zip python3
$ mkdir -p csar/TOSCA-Metadata csar/Definitions csar/Artifacts && printf 'TOSCA-Meta-File-Version: 1.0\nCSAR-Version: 1.1\nCreated-By: Other\nEntry-Definitions: Definitions/vnf.yaml\nETSI-Entry-Manifest: Definitions/vnf.mf\n' >csar/TOSCA-Metadata/TOSCA.meta
$ echo 'tosca_definitions_version: tosca_simple_yaml_1_2' >csar/Definitions/vnf.yaml && seq 20000 >csar/Artifacts/image.txt
$ cat >make.sh <<'SH'
> # manifest DIR FILE: the octets to be signed. sign FILE [OPTION...]: the CMS behind them.
> manifest() {
>   (cd "$1" && printf 'metadata:\r\n  vnf_product_name: demo\r\n  vnf_provider_id: Acme\r\n  vnf_package_version: 1.0\r\n  vnf_release_date_time: 2025-06-01T12:00:00+02:00\r\n\r\n' &&
>     find . -type f ! -name '*.mf' ! -name '*.cert' ! -name '*.sig.*' -printf '%P\n' | sort | while read -r f; do
>       printf 'Source: %s\r\nAlgorithm: SHA-512\r\nHash: %s\r\n\r\n' "$f" "$(sha512sum "$f" | cut -d' ' -f1)"; done) >octets
> }
> cms() { openssl cms -sign -binary -signer release.pem -inkey release.key "$@"; }
> sign() { cms -in octets -outform PEM "${@:2}" | cat octets - >"$1"; }
> SH
> . ./make.sh && manifest csar && sign csar/Definitions/vnf.mf && (cd csar && zip -qr ../option1.csar .)
$ unzip -v option1.csar
stdout 'Defl:N'
stdout 'Definitions/'
$ sallyport verify option1.csar --policy policy.json
stdout 'SOL004 option 1, of another tool'
stdout 'CN=acme release'
# From a pipe Python does not know sizes in advance: data descriptors.
$ python3 - <<'PYTHON'
> import pathlib, zipfile
> class Pipe:
>     def __init__(self, file): self.file = file
>     def write(self, data): return self.file.write(data)
>     def flush(self): self.file.flush()
> with open("piped.csar", "wb") as out, zipfile.ZipFile(Pipe(out), "w", zipfile.ZIP_DEFLATED) as made:
>     for path in sorted(pathlib.Path("csar").rglob("*"), reverse=True):
>         if path.is_file(): made.write(path, path.relative_to("csar"))
> PYTHON
> sallyport verify piped.csar --policy policy.json --json
json .result.findings []
[exit 0]
# Beyond 2 GiB Python writes ZIP64 in a way of its own; here it is told that the limit is 1000 bytes.
$ python3 - <<'PYTHON'
> import pathlib, zipfile
> zipfile.ZIP64_LIMIT = 1000
> for method, name in ((zipfile.ZIP_STORED, "large.csar"), (zipfile.ZIP_DEFLATED, "packed.csar")):
>     with zipfile.ZipFile(name, "w", method) as made:
>         for path in sorted(pathlib.Path("csar").rglob("*")):
>             if path.is_file(): made.write(path, path.relative_to("csar"))
> PYTHON
> sallyport verify large.csar --policy policy.json --json && sallyport verify packed.csar --policy policy.json
stdout 'SOL004 option 1, of another tool'
# The certificate beside the signature: in one place, not in none and not in two.
$ . ./make.sh && sign csar/Definitions/vnf.mf -nocerts && (cd csar && zip -qr ../none.csar .) && refuses 3 signer-certificate-missing verify none.csar --policy policy.json
$ cp release.pem csar/Definitions/vnf.cert && (cd csar && zip -qr ../beside.csar .) && sallyport verify beside.csar --policy policy.json
stdout 'CN=acme release'
$ . ./make.sh && sign csar/Definitions/vnf.mf && (cd csar && zip -qr ../twice.csar .) && refuses 3 signer-certificate-ambiguous verify twice.csar --policy policy.json
$ rm csar/Definitions/vnf.cert
# An artifact with a signature of its own.
$ . ./make.sh && cms -in csar/Artifacts/image.txt -outform DER -out csar/Artifacts/image.sig.cms && (cd csar && zip -qr ../artifact.csar .) && sallyport verify artifact.csar --policy policy.json
stdout 'Artifacts/image.txt'
$ . ./make.sh && cms -in octets -outform PEM -out csar/Artifacts/image.sig.cms && (cd csar && zip -qr ../artifact2.csar .) && refuses 3 signature-invalid verify artifact2.csar --policy policy.json
$ rm csar/Artifacts/image.sig.cms
# Option 2: a signature around a CSAR, which zip compresses.
$ . ./make.sh && cp octets csar/Definitions/vnf.mf && (cd csar && zip -qr ../vnf.csar .) && cms -in vnf.csar -outform DER -out vnf.cms && zip -q option2.zip vnf.csar vnf.cms && sallyport verify option2.zip --policy policy.json
stdout 'SOL004 option 2, of another tool'
$ . ./make.sh && cms -in vnf.csar -outform PEM -nocerts -out vnf.cms && cp release.pem vnf.cert && zip -q option2c.zip vnf.csar vnf.cms vnf.cert && sallyport verify option2c.zip --policy policy.json
stdout 'CN=acme release'
$ cp vnf.csar other.csar && zip -q two.zip vnf.csar other.csar vnf.cms vnf.cert && refuses 3 package-layout-invalid verify two.zip --policy policy.json
# Many rules broken at once: all are told, the gravest is the refusal.
$ . ./make.sh && sed 's/vnf_product_name: demo/vnf_product_name: other/; s/^Source: Artifacts/source: Artifacts/' octets >o && mv o octets && sign csar/Definitions/vnf.mf && echo x >>csar/Artifacts/image.txt && touch csar/id_rsa && (cd csar && zip -qr ../broken.csar .)
$ sallyport verify broken.csar --policy policy.json
[exit 3]
stdout '4 findings:'
stdout 'manifest-malformed  manifest line'
stdout 'member-digest-mismatch  Artifacts/image.txt'
stdout 'package-member-unlisted  id_rsa'
stdout 'signer-not-for-product'
stderr 'REFUSED  manifest-malformed'
# A deviation can be passed over by its name, and that is told.
$ sallyport verify broken.csar --policy policy.json --tolerate key-case --json
[exit 3]
json .result.findings_count 3
json .result.tolerated[0].name "key-case"
$ sallyport verify broken.csar --policy policy.json --tolerate everything
[exit 2]
stderr 'unlisted-tosca-meta'
# What is in them can be seen without trusting it.
$ sallyport inspect broken.csar
stdout 'Nothing of this was verified'
stdout 'SOL004 option 1'
stdout 'id_rsa'
$ sallyport inspect option2.zip --json
json .ok true
