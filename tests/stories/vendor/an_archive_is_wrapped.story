# A tar archive that its publisher has signed becomes a release; what was signed stays inside, and nothing is unpacked before.
use packages
needs openssl gpg gpgv xz zstd python3
$ mkdir -p app/opt/app && cp /bin/true app/opt/app/run && echo 'v = 1' >app/opt/app/app.conf && ln -s run app/opt/app/start && tar -C app --owner=1000 -czf app.tar.gz opt
$ cat >make.sh <<'SH'
> wraps() { sallyport package build --wrap app.tar.gz --signature "$1" --publisher-key "$2" --name app --version 1.0 --product demo --counter 1 "${@:3}"; }
> refused() { refuses "$1" "$2" package build --wrap "$3" --signature "$4" --publisher-key "$5" --name app --version 1.0 --product demo --counter 1 -o none.csar && [ ! -e none.csar ]; }
> SH
$ openssl genpkey -algorithm ed25519 -out ed.key && openssl pkey -in ed.key -pubout -out ed.pub && openssl pkeyutl -sign -rawin -inkey ed.key -in app.tar.gz -out ed.sig
$ . ./make.sh && wraps ed.sig ed.pub -o app.csar
stdout 'Built app.csar: 2 files'
stdout 'app.tar.gz, signed by Ed25519, key '
# The same bytes, whoever does it and when; without the signature's time, the machine, or who owned the files.
$ . ./make.sh && TZ=Asia/Kathmandu wraps ed.sig ed.pub -o again.csar >/dev/null && cmp app.csar again.csar
$ sallyport inspect app.csar
stdout 'Files/Provenance/originals/app.tar.gz'
stdout 'raw key '
stdout 'publisher-key'
$ sallyport package sign app.csar --key file:release.key --cert release.pem >/dev/null && sallyport verify app.csar --policy policy.json
stdout 'provenance'
stdout 'app.tar.gz (tar), signed by Ed25519'
stdout 'publisher    app.tar.gz, Ed25519 key '
# What is inside is what was wrapped, and proves it again without us.
$ mkdir out && (cd out && unzip -q ../app.csar) && cmp out/Files/Provenance/originals/app.tar.gz app.tar.gz && openssl pkeyutl -verify -rawin -pubin -inkey out/Files/Provenance/originals/keys/ed.pub -in out/Files/Provenance/originals/app.tar.gz -sigfile out/Files/Provenance/originals/ed.sig
stdout 'Signature Verified Successfully'
# Extended headers of POSIX, as tar and Python write them; other compressions.
$ mkdir -p app/opt/app/$(printf 'n%.0s' {1..120}) && tar -C app --format=posix -czf posix.tar.gz opt && tar -C app -cJf xz.tar.xz opt && tar -C app -c opt | zstd -q >zst.tar.zst && python3 -c "
> import tarfile
> with tarfile.open('python.tar', 'w') as tar: tar.add('app/opt', 'opt')" && for one in posix.tar.gz xz.tar.xz zst.tar.zst python.tar; do
>   openssl pkeyutl -sign -rawin -inkey ed.key -in $one -out one.sig && sallyport package build --wrap $one --signature one.sig --publisher-key ed.pub --name app --version 1.0 --product demo --counter 1 -o $one.csar >/dev/null && sallyport diff app.csar $one.csar >said || grep -c 'nnn' said
> done
| 1
| 1
| 1
| 1
$ . ./make.sh && for one in posix.tar.gz xz.tar.xz zst.tar.zst; do head -c -20 $one >cut && openssl pkeyutl -sign -rawin -inkey ed.key -in cut -out cut.sig && refused 3 archive-malformed cut cut.sig ed.pub || { echo $one; exit 1; }; done
# B21: tools do not agree about what stands behind a stream, and do not all look at its check sum.
$ . ./make.sh && refused_as_signed() { openssl pkeyutl -sign -rawin -inkey ed.key -in odd -out odd.sig && refused 3 archive-malformed odd odd.sig ed.pub || { echo "$1"; exit 1; }; }
> for one in app.tar.gz xz.tar.xz zst.tar.zst; do
>   { cat $one; printf x; } >odd && refused_as_signed "$one behind" && cat $one $one >odd && refused_as_signed "$one twice"
>   { cat $one; head -c 512 /dev/zero; } >odd && refused_as_signed "$one zeros"
> done
> for at in 1 5; do python3 -c "import sys; b = bytearray(open('app.tar.gz', 'rb').read()); b[-$at] ^= 1; open('odd', 'wb').write(b)" && refused_as_signed "sum $at"; done
# B22: one large file, named again and again.
$ . ./make.sh && python3 - <<'PYTHON' && openssl pkeyutl -sign -rawin -inkey ed.key -in links.tar.gz -out links.sig && refused 3 archive-malformed links.tar.gz links.sig ed.pub
> import io, tarfile
> with tarfile.open("links.tar.gz", "w:gz", format=tarfile.GNU_FORMAT) as tar:
>     entry = tarfile.TarInfo("opt/first"); entry.size = 30 << 20
>     tar.addfile(entry, io.BytesIO(bytes(entry.size)))
>     for i in range(100):
>         entry = tarfile.TarInfo(f"opt/{i}"); entry.type, entry.linkname = tarfile.LNKTYPE, "opt/first"
>         tar.addfile(entry)
> PYTHON
# Nothing of a key in the wrong place is shown.
$ refuses 2 usage-error package build --wrap app.tar.gz --signature ed.sig --publisher-key ed.key --name app --version 1 --product demo --counter 1 -o none.csar && ! grep -F "$(sed -n 2p ed.key | cut -c1-10)" refusal.err refusal.json
# A folder laid over it, and told.
$ mkdir -p over/opt/app && echo 'v = 2' >over/opt/app/app.conf
$ . ./make.sh && wraps ed.sig ed.pub --from over -o over.csar >/dev/null && sallyport inspect over.csar
stdout '3 entries'
# Every other kind of key, by the tools that make them.
$ for alg in "EC -pkeyopt ec_paramgen_curve:P-256" "EC -pkeyopt ec_paramgen_curve:P-384" "RSA -pkeyopt rsa_keygen_bits:3072"; do
>   openssl genpkey -algorithm $alg -out any.key 2>/dev/null && openssl pkey -in any.key -pubout -out any.pub
>   for digest in sha256 sha384 sha512; do
>     openssl dgst -$digest -sign any.key -out any.sig app.tar.gz && rm -f any.csar
>     . ./make.sh && wraps any.sig any.pub -o any.csar >/dev/null || echo "$alg $digest"
>   done
> done
> openssl dgst -sha256 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:digest -sign any.key -out any.sig app.tar.gz && rm any.csar
> wraps any.sig any.pub -o any.csar
stdout 'signed by RSA 3072'
$ openssl cms -sign -binary -in app.tar.gz -signer release.pem -inkey release.key -outform DER -out app.p7s
$ . ./make.sh && wraps app.p7s acme-ca.pem -o cms.csar
stdout 'signed by CN=acme release'
$ openssl cms -sign -binary -in app.tar.gz -signer release.pem -inkey release.key -outform PEM -out app.pem.sig && . ./make.sh && wraps app.pem.sig acme-ca.pem -o cms2.csar
stdout 'signed by CN=acme release'
$ export GNUPGHOME=$PWD/gnupg && mkdir -m 700 gnupg && for who in publisher other; do gpg --batch --quiet --passphrase '' --quick-generate-key "$who <$who@example.org>" ed25519 sign 0 2>/dev/null && gpg --export "$who" >"$who.gpg"; done && gpg --batch --quiet -u publisher --detach-sign -o app.gpg.sig app.tar.gz && gpg --batch --quiet -u publisher --armor --detach-sign -o app.asc app.tar.gz
$ . ./make.sh && wraps app.gpg.sig publisher.gpg -o pgp.csar
stdout 'signed by publisher <publisher@example.org>, key '
$ . ./make.sh && wraps app.asc other.gpg --publisher-key publisher.gpg -o pgp2.csar
stdout 'signed by publisher'
$ . ./make.sh && GNUPGHOME=$PWD/gnupg gpg --batch --armor --export publisher >publisher.asc && wraps app.asc publisher.asc -o pgp3.csar
stdout 'signed by publisher'
# What does not hold is named, and leaves no file.
$ . ./make.sh && cp app.tar.gz bad.tar.gz && printf 'x' | dd of=bad.tar.gz bs=1 seek=50 conv=notrunc 2>/dev/null && for one in ed.sig:ed.pub any.sig:any.pub app.p7s:acme-ca.pem app.gpg.sig:publisher.gpg; do refused 3 publisher-signature-invalid bad.tar.gz "${one%:*}" "${one#*:}" || exit 1; done
$ . ./make.sh && refused 3 publisher-unknown app.tar.gz app.gpg.sig other.gpg && refused 3 publisher-unknown app.tar.gz app.p7s zeta-ca.pem && refused 3 publisher-signature-invalid app.tar.gz ed.sig any.pub
$ . ./make.sh && : >empty && refused 3 publisher-signature-missing app.tar.gz empty ed.pub && refuses 3 publisher-signature-missing package build --wrap app.tar.gz --publisher-key ed.pub --name app --version 1 --product demo --counter 1 -o none.csar
$ refuses 3 publisher-unknown package build --wrap app.tar.gz --signature ed.sig --name app --version 1 --product demo --counter 1 -o none.csar
# The signature's kind does not choose the check: the key does.
$ . ./make.sh && refused 3 publisher-signature-invalid app.tar.gz app.p7s ed.pub && refused 3 publisher-signature-invalid app.tar.gz ed.sig acme-ca.pem && refused 3 publisher-signature-invalid app.tar.gz ed.sig publisher.gpg
$ refuses 2 usage-error package build --from tree --publisher-key ed.pub --name app --version 1 --product demo --counter 1 -o none.csar
# Signed, and hostile all the same.
$ cat >hostile.py <<'PYTHON'
> import io, sys, tarfile
> kind, path = sys.argv[1:]
> with tarfile.open(path, "w:gz", format=tarfile.GNU_FORMAT) as tar:
>     def add(name, type=tarfile.REGTYPE, link="", content=b"x"):
>         entry = tarfile.TarInfo(name)
>         entry.type, entry.linkname = type, link
>         entry.size = len(content) if type == tarfile.REGTYPE else 0
>         tar.addfile(entry, io.BytesIO(content) if entry.size else None)
>     add("opt/first")
>     if kind == "absolute": add("/etc/passwd")
>     if kind == "parent": add("opt/../../etc/passwd")
>     if kind == "link": add("opt/out", tarfile.SYMTYPE, "../../etc/passwd")
>     if kind == "hard-out": add("opt/out", tarfile.LNKTYPE, "/etc/passwd")
>     if kind == "hard-later": add("opt/out", tarfile.LNKTYPE, "opt/later"); add("opt/later")
>     if kind == "device": add("dev/null", tarfile.CHRTYPE)
>     if kind == "fifo": add("opt/fifo", tarfile.FIFOTYPE)
>     if kind == "twice": add("opt/first")
>     if kind == "through": add("opt/dir", tarfile.SYMTYPE, "/etc"); add("opt/dir/passwd")
>     if kind == "bomb": add("opt/zeros", content=bytes(200 << 20))
> PYTHON
> for one in absolute:archive-malformed parent:archive-malformed link:input-refused hard-out:archive-malformed hard-later:archive-malformed device:archive-malformed fifo:archive-malformed twice:archive-malformed through:input-refused bomb:archive-malformed; do
>   python3 hostile.py "${one%:*}" evil.tar.gz && openssl pkeyutl -sign -rawin -inkey ed.key -in evil.tar.gz -out evil.sig &&
>     . ./make.sh && refused 3 "${one#*:}" evil.tar.gz evil.sig ed.pub || { echo "$one"; exit 1; }
> done
# Somebody who signs packages cannot say that a release came from elsewhere: the record has to fit what is in it.
$ cat >forge.py <<'PYTHON'
> import hashlib, re, sys, zipfile
> kind, source, target = sys.argv[1:]
> other_cms = "Files/Provenance/originals/app.p7s"
> record, original = "Files/Provenance/provenance.json", "Files/Provenance/originals/app.tar.gz"
> with zipfile.ZipFile(source) as old:
>     parts = [(info, old.read(info)) for info in old.infolist()]
> content = {info.filename: data for info, data in parts}
> if kind == "digest": content[record] = re.sub(rb'("sha256":")[0-9a-f]', rb"\g<1>0", content[record].replace(b'"sha256":"0', b'"sha256":"1'))
> if kind == "spelling": content[record] = content[record].replace(b'"laid_over":0', b'"laid_over": 0')
> if kind == "other": content[original] += b"\0"
> def as_digests_say():
>     for name in content:
>         if name.startswith("Files/Provenance/originals/"):
>             short = name[len("Files/Provenance/originals/"):].encode()
>             content[record] = re.sub(rb'("name":"' + short + rb'","role":"[^"]*","size":)[0-9]*(,"sha256":")[0-9a-f]{64}',
>                                      lambda m: m[1] + str(len(content[name])).encode() + m[2] + hashlib.sha256(content[name]).hexdigest().encode(), content[record])
> if kind == "payload": content[original] += b"\0"; as_digests_say()
> if kind == "signature": content["Files/Provenance/originals/ed.sig"] = bytes(64); as_digests_say()
> if kind == "another-key": content["Files/Provenance/originals/keys/ed.pub"] = open("other.pub", "rb").read(); as_digests_say()
> if kind == "key": content[record] = re.sub(rb'("key":")[0-9a-f]{64}', rb"\g<1>" + b"a" * 64, content[record])
> if kind == "cms": content[other_cms] = open("other.p7s", "rb").read(); as_digests_say()
> if kind == "cms-anchor": content["Files/Provenance/originals/keys/acme-ca.pem"] = open("zeta-ca.pem", "rb").read(); as_digests_say()
> if kind == "key-name": content[record] = content[record].replace(b'"name":"Ed25519"', b'"name":"Acme Ltd."')
> names = [info.filename for info, _ in parts]
> if kind == "gone": names.remove(original)
> if kind == "no-record": names.remove(record)
> manifest = content["app.mf"].decode().split("-----BEGIN CMS")[0].split("\n\n")[0] + "\n\n"
> for name in names:
>     if name != "app.mf": manifest += f"Source: {name}\nAlgorithm: SHA-256\nHash: {hashlib.sha256(content[name]).hexdigest()}\n\n"
> content["app.mf"] = manifest.encode()
> open("octets", "w").write(manifest)
> open("names", "w").write("\n".join(names))
> import pickle; pickle.dump((names, content, target), open("forged", "wb"))
> PYTHON
> cat >seal.py <<'PYTHON'
> import pickle, zipfile
> names, content, target = pickle.load(open("forged", "rb"))
> content["app.mf"] += open("octets.cms", "rb").read()
> with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as new:
>     for name in names:
>         info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
>         info.create_system, info.external_attr = 3, 0o100644 << 16
>         new.writestr(info, content[name])
> data = bytearray(open(target, "rb").read())
> at = data.find(b"PK\x01\x02")
> while at >= 0:
>     data[at + 4] = 30
>     at = data.find(b"PK\x01\x02", at + 4)
> open(target, "wb").write(data)
> PYTHON
> forge() { rm -f forged.csar; python3 forge.py "$1" "${2:-app.csar}" forged.csar && openssl cms -sign -binary -in octets -signer release.pem -inkey release.key -outform PEM -out octets.cms && python3 seal.py; }
> openssl genpkey -algorithm ed25519 2>/dev/null | openssl pkey -pubout -out other.pub
> forge same && sallyport verify forged.csar --policy policy.json >/dev/null || exit 1
> for one in digest:provenance-malformed spelling:provenance-malformed other:provenance-malformed gone:provenance-malformed no-record:package-member-missing \
>   payload:publisher-signature-invalid signature:publisher-signature-invalid another-key:provenance-malformed key:provenance-malformed key-name:provenance-malformed; do
>   forge "${one%:*}" && refuses 3 "${one#*:}" verify forged.csar --policy policy.json || { echo "$one"; exit 1; }
> done
> openssl cms -sign -binary -in ed.pub -signer release.pem -inkey release.key -outform DER -out other.p7s
> forge same cms.csar && sallyport verify forged.csar --policy policy.json | grep 'publisher .*app.tar.gz, CN=acme release, by a certificate' >/dev/null || exit 1
> for one in cms:publisher-signature-invalid cms-anchor:publisher-signature-invalid payload:publisher-signature-invalid key:provenance-malformed; do
>   forge "${one%:*}" cms.csar && refuses 3 "${one#*:}" verify forged.csar --policy policy.json || { echo "cms $one"; exit 1; }
> done
# A publisher's certificate is over one day, and what it signed before is still told to be its.
$ openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout short.key -out short.pem -days 1 -subj /CN=short -addext keyUsage=critical,digitalSignature -addext extendedKeyUsage=codeSigning -addext basicConstraints=critical,CA:FALSE 2>/dev/null && openssl cms -sign -binary -in app.tar.gz -signer short.pem -inkey short.key -outform DER -out short.p7s && . ./make.sh && wraps short.p7s short.pem -o short.csar >/dev/null && sallyport package sign short.csar --key file:release.key --cert release.pem >/dev/null && sallyport verify short.csar --policy policy.json --at "$(date -u -d '+3 days' +%Y-%m-%dT%H:%M:%SZ)"
stdout 'publisher    app.tar.gz, CN=short, by a certificate that is inside'
