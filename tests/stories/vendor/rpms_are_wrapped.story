# .rpm files are the publisher's whose key was given: its signature covers the header, and the header has the digest of the payload. Scripts are never run.
use packages
needs gpg gpgv rpmbuild rpmsign python3 openssl zip
$ export GNUPGHOME=$PWD/gnupg && mkdir -m 700 gnupg && for who in publisher other; do gpg --batch --quiet --passphrase '' --quick-generate-key "$who <$who@example.org>" rsa3072 sign 0 2>/dev/null && gpg --export "$who" >"$who.gpg"; done
$ cat >make.sh <<'SH'
> export GNUPGHOME=$PWD/gnupg
> # pack NAME VERSION [MACRO...]: NAME.rpm, not signed.
> pack() {
>   rm -rf root "$1.spec" && mkdir -p root/usr/bin root/etc && cp /bin/true "root/usr/bin/$1" && echo 'v = 1' >"root/etc/$1.conf" && ln -s "$1" "root/usr/bin/start-$1" && ln "root/usr/bin/$1" "root/usr/bin/also-$1" && echo words >"root/LICENSE-$1"
>   cat >"$1.spec" <<SPEC
> Name: $1
> Version: $2
> Release: 3
> %{?epoch_:Epoch: %epoch_}
> Summary: s
> License: MIT
> AutoReqProv: no
> %description
> d
> %install
> cp -a $PWD/root/. %{buildroot}
> %files
> /usr/bin/*
> %config /etc/$1.conf
> %license /LICENSE-$1
> %dir %attr(0750,root,root) /opt/$1
> %ghost /var/log/$1.log
> %post
> touch $PWD/was-run
> %preun -p /bin/true
> %triggerin -- bash
> touch $PWD/was-run
> SPEC
>   mkdir -p "root/opt/$1" root/var/log && : >"root/var/log/$1.log"
>   rpmbuild --quiet -bb --target x86_64 --define "_topdir $PWD/top" --define '_build_id_links none' --define '_enable_debug_packages 0' --define 'debug_package %{nil}' --define '__os_install_post %{nil}' "${@:3}" "$1.spec" >said 2>&1 || { cat said; return 1; }
>   mv "top/RPMS/x86_64/$1-$2-3.x86_64.rpm" "$1.rpm"
> }
> sign() { rpmsign --define "__gpg $(command -v gpg)" --define "_gpg_name ${2:-publisher}" --define "_gpg_digest_algo ${3:-sha256}" --addsign "$1" >said 2>&1 || { cat said; return 1; }; }
> wrap() { sallyport package build --wrap "$1" --publisher-key "${2:-publisher.gpg}" --product demo --counter 1 "${@:3}"; }
> refused() { refuses "$1" "$2" package build --wrap "$3" --publisher-key "${4:-publisher.gpg}" --name app --version 1.0 --product demo --counter 1 -o none.csar && [ ! -e none.csar ]; }
> SH
> . ./make.sh && pack app 1.0 && sign app.rpm && pack lib 2.0 --define 'epoch_ 1' && cp lib.rpm unsigned.rpm && sign lib.rpm
$ . ./make.sh && wrap app.rpm publisher.gpg --name app --version 1.0 --wrap lib.rpm -o app.csar
stdout 'Built app.csar: '
stdout 'app.rpm, signed by publisher <publisher@example.org>, key '
stdout 'app.rpm: post, preun, triggers'
$ [ ! -e was-run ] && . ./make.sh && wrap app.rpm publisher.gpg --name app --version 1.0 --wrap lib.rpm -o again.csar >/dev/null && cmp app.csar again.csar
$ sallyport package sign app.csar --key file:release.key --cert release.pem >/dev/null && sallyport verify app.csar --policy policy.json
stdout 'app.rpm and 1 more (rpm), signed by publisher'
$ sallyport inspect app.csar
stdout 'originals/lib.rpm'
stdout 'pkg:rpm/lib@2.0-3?arch=x86_64&epoch=1'
stdout 'not run'
# What one calls itself; the tree is that of a folder with the same content.
$ . ./make.sh && wrap app.rpm publisher.gpg -o named.csar >/dev/null && sallyport inspect named.csar --json
stdout '"name":"version","value":"1.0-3"'
stdout '"name":"architecture","value":"x86_64"'
$ . ./make.sh && pack app 1.0 && sign app.rpm && rm named.csar && wrap app.rpm publisher.gpg -o named.csar >/dev/null && rm -rf root/var && chmod 750 root/opt/app && sallyport package build --from root --name app --version 1.0-3 --product demo --counter 1 --architecture x86_64 -o folder.csar >/dev/null && sallyport diff folder.csar named.csar
[exit 10]
stdout 'files: 0 added, 0 removed, 0 changed; folders: 0 added, 0 removed, 0 changed; links: 0 added, 0 removed, 0 changed'
# Every compression that rpm writes here, and other kinds of keys.
$ . ./make.sh && for level in w9.gzdio w6.xzdio w3.zstdio; do pack app 1.0 --define "_binary_payload $level" && sign app.rpm && wrap app.rpm publisher.gpg -o "$level.csar" >/dev/null && sallyport diff named.csar "$level.csar" || exit 1; done
$ . ./make.sh && gpg --batch --quiet --passphrase '' --quick-generate-key 'ed <ed@example.org>' ed25519 sign 0 2>/dev/null && gpg --export ed >ed.gpg && pack app 1.0 && sign app.rpm ed sha512 && wrap app.rpm other.gpg --publisher-key ed.gpg -o ed.csar
stdout 'signed by ed <ed@example.org>'
# Each link of the chain, broken.
$ . ./make.sh && pack app 1.0 && sign app.rpm && refused 3 publisher-unknown app.rpm other.gpg && refused 3 publisher-signature-missing unsigned.rpm && refuses 2 usage-error package build --wrap app.rpm --publisher-key acme-ca.pem --name app --version 1.0 --product demo --counter 1 -o none.csar && refuses 2 usage-error package build --wrap app.rpm --signature app.rpm --publisher-key publisher.gpg --name app --version 1.0 --product demo --counter 1 -o none.csar
$ cat >twist.py <<'PYTHON'
> # twist.py WHAT IN OUT: one change; the sums that nobody has signed are made to fit.
> import hashlib, struct, sys
> what, source, target = sys.argv[1:]
> data = bytearray(open(source, "rb").read())
> def structure(at):
>     entries, store = struct.unpack(">II", data[at + 8:at + 16])
>     index = [list(struct.unpack(">IIII", data[at + 16 + 16 * i:at + 32 + 16 * i])) for i in range(entries)]
>     return index, at + 16 + 16 * entries, at + 16 + 16 * entries + store
> signatures, store, end = structure(96)
> header = (end + 7) // 8 * 8
> tags, values, payload = structure(header)
> def place(tag): return values + next(entry[2] for entry in tags if entry[0] == tag)
> if what == "payload": data[payload + 200] ^= 1
> if what == "longer": data += b"\0"
> if what == "cut": del data[-5:]
> if what == "version": data[place(1001)] = ord("9")
> if what == "mode": data[place(1030) + 1] |= 8
> if what == "digest": data[place(5092)] ^= 1
> if what == "lead": data[10] = ord("z")
> if what == "source": data[7] = 1
> if what == "padding" and header > end: data[end] = 1
> if what == "signature":
>     packet = next(entry for entry in signatures if entry[0] in (267, 268))
>     data[store + packet[2] + packet[3] - 3] ^= 1
> for tag, kind, offset, count in signatures:
>     if tag == 1000: data[store + offset:store + offset + 4] = struct.pack(">I", len(data) - header)
>     if tag == 273: data[store + offset:store + offset + 64] = hashlib.sha256(data[header:payload]).hexdigest().encode()
> open(target, "wb").write(data)
> PYTHON
> . ./make.sh && for one in same payload:publisher-signature-invalid longer:publisher-signature-invalid cut:publisher-signature-invalid version:publisher-signature-invalid mode:publisher-signature-invalid digest:publisher-signature-invalid lead:archive-malformed source:archive-malformed signature:publisher-signature-invalid; do
>   python3 twist.py "${one%:*}" app.rpm twisted.rpm || exit 1
>   if [ "$one" = same ]; then cmp app.rpm twisted.rpm; else refused 3 "${one#*:}" twisted.rpm; fi || { echo "$one"; exit 1; }
> done
# Of algorithms that prove nothing any more: the signature by SHA-1, the files by MD5.
$ . ./make.sh && echo 'allow-weak-digest-algos' >gnupg/gpg.conf && pack app 1.0 && sign app.rpm publisher sha1 && refused 3 publisher-algorithm-refused app.rpm && rm gnupg/gpg.conf
$ . ./make.sh && pack app 1.0 --define '_binary_filedigest_algorithm 1' && sign app.rpm && refused 3 publisher-algorithm-refused app.rpm
# Signed, and not for us: sources, a device, somebody's set-user-ID, capabilities that are inert.
$ . ./make.sh && pack app 1.0 && rpmbuild --quiet -bs --define "_topdir $PWD/top" app.spec >said 2>&1 && mv top/SRPMS/app-1.0-3.src.rpm source.rpm && sign source.rpm && refused 3 archive-malformed source.rpm
$ cat >>make.sh <<'SH'
> # with LINE: a package with one more line among its files.
> with() {
>   pack app 1.0 && sed -i "s|^%config .*|&\n$1|" app.spec && rpmbuild --quiet -bb --target x86_64 --define "_topdir $PWD/top" --define '_build_id_links none' --define 'debug_package %{nil}' --define '__os_install_post %{nil}' app.spec >said 2>&1 && mv top/RPMS/x86_64/app-1.0-3.x86_64.rpm app.rpm && sign app.rpm
> }
> SH
> . ./make.sh && with '%attr(4755,daemon,root) /usr/bin/app' && refused 3 archive-malformed app.rpm && with '%dev(c,1,3) /dev/null' && refused 3 archive-malformed app.rpm && with '%caps(cap_net_raw=p) /usr/bin/app' && refused 3 archive-malformed app.rpm && with '%caps(cap_net_raw=ep) /usr/bin/app' && wrap app.rpm publisher.gpg -o caps.csar >/dev/null && sallyport diff named.csar caps.csar
[exit 10]
stdout 'cap_net_raw'
# In a vendor's package of another tool, whose signature covers it: the .rpm needs none of its own, and its payload has to be that of its header all the same.
$ cat >>make.sh <<'SH'
> # csar RPM: vendor.csar with it inside, signed by acme.
> csar() {
>   rm -rf csar vendor.csar && mkdir -p csar/TOSCA-Metadata csar/Definitions csar/Artifacts && cp "$1" csar/Artifacts/app.rpm
>   printf 'TOSCA-Meta-File-Version: 1.0\nCSAR-Version: 1.1\nCreated-By: Other\nEntry-Definitions: Definitions/vnf.yaml\nETSI-Entry-Manifest: Definitions/vnf.mf\n' >csar/TOSCA-Metadata/TOSCA.meta && echo 'tosca_definitions_version: tosca_simple_yaml_1_2' >csar/Definitions/vnf.yaml
>   (cd csar && printf 'metadata:\n  vnf_product_name: demo\n  vnf_provider_id: Acme\n  vnf_package_version: 1.0\n  vnf_release_date_time: 2025-06-01T12:00:00+02:00\n\n' &&
>     find . -type f -printf '%P\n' | sort | while read -r f; do printf 'Source: %s\nAlgorithm: SHA-256\nHash: %s\n\n' "$f" "$(sha256sum "$f" | cut -d' ' -f1)"; done) >octets
>   { cat octets; openssl cms -sign -binary -signer release.pem -inkey release.key -in octets -outform PEM; } >csar/Definitions/vnf.mf && (cd csar && zip -qr ../vendor.csar .)
> }
> SH
> . ./make.sh && csar unsigned.rpm && sallyport package build --wrap vendor.csar --policy policy.json --member Artifacts/app.rpm --name lib --version 2.0 --product demo --counter 1 -o member.csar
stdout 'vendor.csar, signed by source acme, CN=acme release'
stdout 'vendor.csar: post, preun, triggers'
$ . ./make.sh && python3 twist.py payload unsigned.rpm twisted.rpm && csar twisted.rpm && refuses 3 publisher-signature-invalid package build --wrap vendor.csar --policy policy.json --member Artifacts/app.rpm --name lib --version 2.0 --product demo --counter 1 -o none.csar
