# A package is a ZIP archive and its signature is CMS: unzip and openssl agree with us.
use packages
needs unzip openssl
$ unzip -tq 1.csar
stdout 'No errors detected'
$ unzip -Z1 1.csar
| TOSCA-Metadata/TOSCA.meta
| demo.mf
| demo.yaml
| Files/ChangeLog.txt
| Files/Licenses/LICENSE.txt
| Files/sbom.cdx.json
| Artifacts/tree.json
| Artifacts/content.pack
$ unzip -p 1.csar demo.mf >manifest && sed '/^-----BEGIN CMS-----/,$d' manifest >signed
> sed -n '/^-----BEGIN CMS-----/,/^-----END CMS-----/p' manifest >cms
$ openssl cms -verify -binary -inform PEM -in cms -content signed -CAfile acme-ca.pem -purpose any -out /dev/null
stderr 'CMS Verification successful'
# Every digest of the manifest is what sha256sum says.
$ unzip -q 1.csar -d members && python3 - <<'PYTHON'
> import hashlib, pathlib, re
> text = pathlib.Path("signed").read_text()
> listed = re.findall(r"Source: (.*)\nAlgorithm: SHA-256\nHash: (.*)\n", text)
> for source, digest in listed:
>     assert hashlib.sha256((pathlib.Path("members") / source).read_bytes()).hexdigest() == digest, source
> print(len(listed))
> PYTHON
| 7
