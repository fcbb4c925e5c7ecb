# RX-2: the integrity of the package is guaranteed by a technical method: the vendor's CMS signature over the manifest, and through
# it a digest of every byte.
use installed
$ sallyport verify 2.csar --policy policy.json
stdout 'signature    CN=acme release'
stdout 'every byte digested'
$ installs 2

# One bit of any member, of the manifest or of the signature, its checksum made to fit.
$ for member in TOSCA-Metadata/TOSCA.meta demo.yaml Files/ChangeLog.txt Files/Licenses/LICENSE.txt Files/sbom.cdx.json \
>   Artifacts/tree.json Artifacts/content.pack; do
>   tamper flip 3.csar "$member" bad.csar
>   twin 3 bad
>   refuses 3 member-digest-mismatch verify bad.csar --policy policy.json
>   refuses_install 3 member-digest-mismatch bad
> done
$ tamper flip 3.csar manifest bad.csar && refuses_install 3 signature-invalid bad
$ tamper flip 3.csar signature bad.csar && refuses 3 signature-invalid verify bad.csar --policy policy.json
$ refuses_install 3 signature-invalid bad
# A member more, and bytes at the end.
$ cp 3.csar bad.csar && python3 - <<'PYTHON'
> import zipfile
> more = zipfile.ZipInfo("Files/more.txt")
> more.external_attr = 0o100644 << 16
> zipfile.ZipFile("bad.csar", "a").writestr(more, "more")
> PYTHON
> refuses 3 package-member-unlisted verify bad.csar --policy policy.json
> refuses_install 3 package-member-unlisted bad
$ cp 3.csar bad.csar && echo more >>bad.csar && refuses_install 3 zip-bytes-unaccounted bad
