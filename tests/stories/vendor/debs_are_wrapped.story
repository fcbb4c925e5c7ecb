# .deb files are the archive's whose key was given: from InRelease over the list of packages down to the file. Their scripts are never run.
use packages
needs gpg gpgv dpkg-deb xz
$ export GNUPGHOME=$PWD/gnupg && mkdir -m 700 gnupg && for who in archive other; do gpg --batch --quiet --passphrase '' --quick-generate-key "$who <$who@example.org>" ed25519 sign 0 2>/dev/null && gpg --export "$who" >"$who.gpg"; done
$ cat >make.sh <<'SH'
> export GNUPGHOME=$PWD/gnupg
> deb() {
>   rm -rf tree-deb && mkdir -p tree-deb/DEBIAN tree-deb/usr/bin && cp /bin/true "tree-deb/usr/bin/$1"
>   printf 'Package: %s\nVersion: %s\nArchitecture: amd64\nMaintainer: A <a@example.org>\nDescription: d\n' "$1" "$2" >tree-deb/DEBIAN/control
>   printf '#!/bin/sh\ntouch %s/was-run\n' "$PWD" >tree-deb/DEBIAN/postinst && chmod 755 tree-deb/DEBIAN/postinst && cp tree-deb/DEBIAN/postinst tree-deb/DEBIAN/prerm
>   dpkg-deb --root-owner-group -b tree-deb "$1_$2_amd64.deb" >/dev/null
> }
> # archive: Packages, Packages.xz and InRelease about the .deb files that are here.
> archive() {
>   for deb in *.deb; do printf '%s\nFilename: pool/%s\nSize: %s\nSHA256: %s\n\n' "$(dpkg-deb -f "$deb" Package Version Architecture Description)" "$deb" "$(stat -c %s "$deb")" "$(sha256sum "$deb" | cut -d' ' -f1)"; done >Packages
>   xz -kf Packages && gzip -kf Packages
>   { printf 'Origin: Test\nCodename: demo\nDate: Sat, 11 Jul 2026 10:16:37 UTC\n%sSHA256:\n' "${1:-}"; for list in Packages Packages.xz Packages.gz; do printf ' %s %s main/binary-amd64/%s\n' "$(sha256sum $list | cut -d' ' -f1)" "$(stat -c %s $list)" $list; done; } >Release
>   rm -f InRelease && gpg --batch --quiet -u archive --clearsign -o InRelease Release
> }
> wrap() { sallyport package build --wrap "$1" --release "${3:-InRelease}" --packages "${2:-Packages.xz}" --publisher-key "${4:-archive.gpg}" --name app --version 1.0 --product demo --counter 1 "${@:5}"; }
> refused() { refuses "$1" "$2" package build --wrap "$3" --release "${5:-InRelease}" --packages "${4:-Packages.xz}" --publisher-key "${6:-archive.gpg}" --name app --version 1.0 --product demo --counter 1 -o none.csar && [ ! -e none.csar ]; }
> SH
> . ./make.sh && deb app 1.0-1 && deb lib 2.0 && archive
$ . ./make.sh && wrap app_1.0-1_amd64.deb Packages.xz InRelease archive.gpg --wrap lib_2.0_amd64.deb -o app.csar
stdout 'Built app.csar: 2 files'
stdout 'app_1.0-1_amd64.deb, signed by archive <archive@example.org>, key '
stdout 'app_1.0-1_amd64.deb: postinst, prerm'
$ [ ! -e was-run ] && . ./make.sh && wrap app_1.0-1_amd64.deb Packages.xz InRelease archive.gpg --wrap lib_2.0_amd64.deb -o again.csar >/dev/null && cmp app.csar again.csar
$ sallyport package sign app.csar --key file:release.key --cert release.pem >/dev/null && sallyport verify app.csar --policy policy.json
stdout 'app_1.0-1_amd64.deb and 1 more (deb), signed by archive'
$ sallyport inspect app.csar
stdout 'InRelease'
stdout 'not run'
$ . ./make.sh && wrap lib_2.0_amd64.deb Packages InRelease archive.gpg -o plain.csar >/dev/null && wrap lib_2.0_amd64.deb Packages.gz InRelease archive.gpg -o gz.csar
stdout 'Built gz.csar'
# What one calls itself.
$ sallyport package build --wrap lib_2.0_amd64.deb --release InRelease --packages Packages --publisher-key archive.gpg --product demo --counter 1 -o named.csar >/dev/null && sallyport inspect named.csar --json
stdout '"name":"version","value":"2.0"'
stdout '"name":"architecture","value":"x86_64"'
$ refuses 2 usage-error package build --wrap lib_2.0_amd64.deb --wrap app_1.0-1_amd64.deb --release InRelease --packages Packages --publisher-key archive.gpg --product demo --counter 1 -o none.csar && refuses 2 usage-error package build --from tree --version 1 --product demo --counter 1 -o none.csar
# Each link of the chain, broken.
$ . ./make.sh && refused 3 publisher-unknown app_1.0-1_amd64.deb Packages.xz InRelease other.gpg
$ . ./make.sh && sed 's/Codename: demo/Codename: evil/' InRelease >changed && refused 3 publisher-signature-invalid app_1.0-1_amd64.deb Packages.xz changed
$ . ./make.sh && { cat InRelease; echo 'SHA256: more'; } >longer && refused 3 publisher-signature-invalid app_1.0-1_amd64.deb Packages.xz longer && { echo 'SHA256: more'; cat InRelease; } >longer && refused 3 publisher-signature-invalid app_1.0-1_amd64.deb Packages.xz longer && cat InRelease InRelease >longer && refused 3 publisher-signature-invalid app_1.0-1_amd64.deb Packages.xz longer
$ . ./make.sh && refused 3 publisher-signature-invalid app_1.0-1_amd64.deb Packages.xz Release
$ . ./make.sh && sed 's/Version: 2.0/Version: 2.1/' Packages >Packages.changed && refused 3 publisher-signature-missing app_1.0-1_amd64.deb Packages.changed
$ . ./make.sh && cp lib_2.0_amd64.deb other.deb && printf x >>other.deb && refused 3 publisher-signature-missing other.deb
$ . ./make.sh && refused 3 publisher-signature-missing app_1.0-1_amd64.deb Release
$ refuses 3 publisher-signature-missing package build --wrap app_1.0-1_amd64.deb --publisher-key archive.gpg --name app --version 1.0 --product demo --counter 1 -o none.csar
$ refuses 2 usage-error package build --wrap app_1.0-1_amd64.deb --release InRelease --packages Packages --publisher-key acme-ca.pem --name app --version 1.0 --product demo --counter 1 -o none.csar
# A list whose time is over; with --at it counts as of then.
$ . ./make.sh && archive 'Valid-Until: Sun, 12 Jul 2026 10:16:37 UTC
> ' && refused 3 publisher-index-expired app_1.0-1_amd64.deb && wrap app_1.0-1_amd64.deb Packages.xz InRelease archive.gpg --at 2026-07-12T00:00:00Z -o then.csar
stdout 'Built then.csar'
# Release with its signature beside it, as older archives have it.
$ . ./make.sh && archive && gpg --batch --quiet -u archive --armor --detach-sign -o Release.gpg Release && wrap app_1.0-1_amd64.deb Packages.xz Release archive.gpg --signature Release.gpg -o beside.csar
stdout 'app_1.0-1_amd64.deb, signed by archive'
$ sallyport inspect beside.csar
stdout 'Release.gpg'
$ . ./make.sh && beside() { refuses 3 "$1" package build --wrap app_1.0-1_amd64.deb --release "$2" --signature "$3" --packages Packages.xz --publisher-key "${4:-archive.gpg}" --name app --version 1.0 --product demo --counter 1 -o none.csar; } && beside publisher-unknown Release Release.gpg other.gpg && sed 's/Codename: demo/Codename: evil/' Release >changed && beside publisher-signature-invalid changed Release.gpg && beside publisher-signature-invalid InRelease Release.gpg && beside publisher-signature-missing Release InRelease
> archive 'Valid-Until: Sun, 12 Jul 2026 10:16:37 UTC
> ' && rm Release.gpg && gpg --batch --quiet -u archive --detach-sign -o Release.gpg Release && beside publisher-index-expired Release Release.gpg && archive && rm Release.gpg
# By SHA-1, which proves nothing any more.
$ . ./make.sh && gpg --batch --quiet -u archive --allow-weak-digest-algos --digest-algo SHA1 --detach-sign -o Release.gpg Release && refuses 3 publisher-algorithm-refused package build --wrap app_1.0-1_amd64.deb --release Release --signature Release.gpg --packages Packages.xz --publisher-key archive.gpg --name app --version 1.0 --product demo --counter 1 -o none.csar && rm InRelease && gpg --batch --quiet -u archive --allow-weak-digest-algos --digest-algo SHA1 --clearsign -o InRelease Release && refused 3 publisher-algorithm-refused app_1.0-1_amd64.deb
# The archive's list gives a file another name or version than its own control file.
$ . ./make.sh && deb app 1.0-1 && archive && sed -i 's/^Package: app/Package: lib/' Packages && xz -kf Packages && { printf 'SHA256:\n %s %s main/binary-amd64/Packages.xz\n' "$(sha256sum Packages.xz | cut -d' ' -f1)" "$(stat -c %s Packages.xz)"; } >Release && rm InRelease && gpg --batch --quiet -u archive --clearsign -o InRelease Release && refused 3 publisher-signature-invalid app_1.0-1_amd64.deb
# A publisher without an archive signs each file.
$ . ./make.sh && deb app 1.0-1 && gpg --batch --quiet -u archive --detach-sign -o app.sig app_1.0-1_amd64.deb && sallyport package build --wrap app_1.0-1_amd64.deb --signature app.sig --publisher-key archive.gpg --name app --version 1.0 --product demo --counter 1 -o signed.csar
stdout 'app_1.0-1_amd64.deb: postinst, prerm'
$ refuses 3 publisher-signature-invalid package build --wrap lib_2.0_amd64.deb --signature app.sig --publisher-key archive.gpg --name app --version 1.0 --product demo --counter 1 -o none.csar
