# A vendor's package of another tool is verified by the policy, and an archive in it becomes a release that can be installed; the vendor's file stays inside.
use packages
needs openssl zip python3 dpkg-deb
$ mkdir -p app/opt/app csar/TOSCA-Metadata csar/Definitions csar/Artifacts && cp /bin/true app/opt/app/run && tar -C app --format=gnu -czf csar/Artifacts/app.tar.gz opt && tar -C app --format=gnu -cf csar/Artifacts/app.tar opt && printf 'TOSCA-Meta-File-Version: 1.0\nCSAR-Version: 1.1\nCreated-By: Other\nEntry-Definitions: Definitions/vnf.yaml\nETSI-Entry-Manifest: Definitions/vnf.mf\n' >csar/TOSCA-Metadata/TOSCA.meta && echo 'tosca_definitions_version: tosca_simple_yaml_1_2' >csar/Definitions/vnf.yaml
$ mkdir -p deb/DEBIAN deb/opt && echo x >deb/opt/x && printf 'Package: x\nVersion: 1\nArchitecture: amd64\nMaintainer: A <a@example.org>\nDescription: d\n' >deb/DEBIAN/control && printf '#!/bin/sh\n' >deb/DEBIAN/postinst && chmod 755 deb/DEBIAN/postinst && dpkg-deb --root-owner-group -b deb csar/Artifacts/x.deb >/dev/null
$ cat >make.sh <<'SH'
> manifest() {
>   (cd csar && printf 'metadata:\n  vnf_product_name: demo\n  vnf_provider_id: Acme\n  vnf_package_version: 1.0\n  vnf_release_date_time: 2025-06-01T12:00:00+02:00\n\n' &&
>     find . -type f ! -name '*.mf' -printf '%P\n' | sort | while read -r f; do printf 'Source: %s\nAlgorithm: SHA-256\nHash: %s\n\n' "$f" "$(sha256sum "$f" | cut -d' ' -f1)"; done) >octets
> }
> cms() { openssl cms -sign -binary -signer "${2:-release}.pem" -inkey "${2:-release}.key" -in "$1" -outform PEM; }
> wrap() { sallyport package build --wrap "$1" --policy policy.json --member "$2" --name app --version 1.0 --product demo --counter 1 "${@:3}"; }
> refused() { refuses "$1" "$2" package build --wrap "$3" --policy policy.json --member "$4" --name app --version 1.0 --product demo --counter 1 -o none.csar && [ ! -e none.csar ]; }
> SH
> . ./make.sh && manifest && { cat octets; cms octets; } >csar/Definitions/vnf.mf && (cd csar && zip -qr ../vendor.csar .)
$ . ./make.sh && wrap vendor.csar Artifacts/app.tar.gz -o app.csar
stdout 'Built app.csar: 1 file,'
stdout 'vendor.csar, signed by source acme, CN=acme release'
$ . ./make.sh && wrap vendor.csar Artifacts/app.tar.gz -o again.csar >/dev/null && cmp app.csar again.csar && sallyport package sign app.csar --key file:release.key --cert release.pem >/dev/null && sallyport verify app.csar --policy policy.json
stdout 'vendor.csar (csar), signed by source acme'
$ sallyport inspect app.csar
stdout 'vendor.csar, Artifacts/app.tar.gz'
$ mkdir out && (cd out && unzip -q ../app.csar) && cmp out/Files/Provenance/originals/vendor.csar vendor.csar && sallyport verify out/Files/Provenance/originals/vendor.csar --policy policy.json
stdout 'SOL004 option 1, of another tool'
# A member that is compressed in the package, and one that is not; a .deb, whose scripts are told.
$ . ./make.sh && wrap vendor.csar Artifacts/app.tar -o tar.csar
stdout 'Built tar.csar: 1 file,'
$ . ./make.sh && (cd csar && zip -q0r ../stored.csar .) && wrap stored.csar Artifacts/x.deb -o deb.csar
stdout 'stored.csar: postinst'
# Option 2: the signature is around the whole of it.
$ . ./make.sh && cp octets csar/Definitions/vnf.mf && (cd csar && zip -qr ../inner.csar .) && cms inner.csar >inner.cms && zip -q option2.zip inner.csar inner.cms && zip -q0 option2s.zip inner.csar inner.cms && wrap option2.zip Artifacts/app.tar.gz -o o2.csar && wrap option2s.zip Artifacts/app.tar.gz -o o2s.csar
stdout 'Built o2s.csar: 1 file,'
# What was passed over for it stays told, to whoever verifies the release.
$ . ./make.sh && manifest && sed -i 's/^Source:/source:/' octets && { cat octets; cms octets; } >csar/Definitions/vnf.mf && (cd csar && zip -qr ../cased.csar .) && refused 3 manifest-malformed cased.csar Artifacts/app.tar.gz && wrap cased.csar Artifacts/app.tar.gz --tolerate key-case --tolerate upper-case-hashes -o cased.app.csar >/dev/null && sallyport package sign cased.app.csar --key file:release.key --cert release.pem >/dev/null && sallyport inspect cased.app.csar && sallyport verify cased.app.csar --policy policy.json
stdout 'tolerated    key-case'
stdout 'tolerated: key-case'
$ unzip -p cased.app.csar Files/Provenance/provenance.json | grep -c upper-case || true
| 0
# What `verify` refuses is not wrapped.
$ . ./make.sh && python3 - <<'PYTHON' && refused 3 member-digest-mismatch broken.csar Artifacts/app.tar.gz && refused 3 member-digest-mismatch broken.csar Artifacts/app.tar
> import zipfile
> with zipfile.ZipFile("stored.csar") as old, zipfile.ZipFile("broken.csar", "w") as new:
>     for info in old.infolist():
>         data = old.read(info)
>         if info.filename.endswith("app.tar.gz"): data += b"x"
>         if not info.is_dir(): new.writestr(info, data)
> PYTHON
$ . ./make.sh && manifest && { cat octets; cms octets stranger; } >csar/Definitions/vnf.mf && (cd csar && zip -qr ../stranger.csar .) && refused 3 signer-unknown stranger.csar Artifacts/app.tar.gz
$ . ./make.sh && { cat octets; cms octets zeta; } >csar/Definitions/vnf.mf && (cd csar && zip -qr ../zeta.csar .) && refused 4 signer-not-for-product zeta.csar Artifacts/app.tar.gz
$ . ./make.sh && refused 2 usage-error vendor.csar Artifacts/other && refused 2 usage-error 1.csar tree && refused 3 archive-malformed vendor.csar Definitions/vnf.yaml && refused 3 package-member-unlisted vendor.csar Definitions/vnf.mf
