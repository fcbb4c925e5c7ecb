# H10: what is two kinds at once, or another than its name says, is not clean, though every engine says so.
use packages
$ clamd_here && echo --policy policy.json --key file:intake.key --clamd clamd/clamd.sock >args
> cp -r tree odd && echo harmless >a && python3 -m zipfile -c a.zip a && cat tree/bin/demo a.zip >odd/bin/both && cp tree/bin/demo odd/README.txt
> package odd odd 7 && refuses 3 content-disguised intake submit odd.csar $(cat args) -o odd.verdict && sallyport intake show odd.verdict --policy policy.json
stdout 'content-disguised bin/both archives: a program (ELF), and an archive (clamd says clean)'
stdout 'content-disguised README.txt archives: a program (ELF) under the name of a text (clamd says clean)'
# An installer that unpacks itself: a script, or a program, with an archive behind it. What is in there is looked at.
$ cp -r tree installer && cp a plain && tar -czf a.tar.gz a && { printf '#!/bin/sh\ntail -c +50 "$0" | tar -xz\nexit 0\n'; cat a.tar.gz; } >installer/bin/setup.sh && cat tree/bin/demo a.tar.gz >installer/bin/setup
> package installer installer 8 && refuses 3 content-disguised intake submit installer.csar $(cat args) -o installer.verdict && sallyport intake show installer.verdict --policy policy.json
stdout 'content-disguised bin/setup.sh archives: a script, and an archive'
stdout 'content-disguised bin/setup archives: a program (ELF), and an archive'
# An entry of a ZIP archive that its directory lacks, and bytes behind the end of an archive: malware in there is found.
$ python3 - <<'PYTHON'
> import io, struct, zipfile
> def zip_of(name, content):
>     out = io.BytesIO()
>     with zipfile.ZipFile(out, "w") as archive: archive.writestr(name, content)
>     return out.getvalue()
> eicar = "X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + "EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
> shown, hidden = zip_of("shown", "x"), zip_of("hidden", eicar)
> at, entries = shown.index(b"PK\1\2"), hidden[:hidden.index(b"PK\1\2")]
> end = bytearray(shown[at:]); place = end.rindex(b"PK\5\6"); end[place + 16:place + 20] = struct.pack("<I", at + len(entries))
> open("hidden.zip", "wb").write(shown[:at] + entries + end)
> open("eicar", "w").write(eicar)
> PYTHON
> tar -cf two.tar a && gzip -c eicar >>two.tar
> for one in hidden.zip two.tar; do
>   rm -rf gap && cp -r tree gap && cp $one gap/data && package gap-$one gap 9 && refuses 3 malware-found intake submit gap-$one.csar $(cat args) -o gap-$one.verdict || { echo $one; exit 1; }
> done
# Stored for who goes by what stands in front of it, deflated for who goes by the directory: Python unpacks what clamd has not seen.
$ python3 - <<'PYTHON'
> import struct, zipfile, zlib
> eicar = ("X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + "EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*").encode()
> packer = zlib.compressobj(9, zlib.DEFLATED, -15); data = packer.compress(eicar) + packer.flush()
> said = lambda method, content: struct.pack("<HHHIIIHH", method, 0, 0x21, zlib.crc32(content), len(data), len(content), 1, 0)
> entry = b"PK\3\4" + struct.pack("<HH", 20, 0) + said(0, data) + b"a" + data
> directory = b"PK\1\2" + struct.pack("<HHH", 20, 20, 0) + said(8, eicar) + bytes(6) + struct.pack("<II", 0, 0) + b"a"
> open("twofold.zip", "wb").write(entry + directory + b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, 1, 1, len(directory), len(entry), 0))
> assert zipfile.ZipFile("twofold.zip").read("a") == eicar
> PYTHON
> rm -rf gap && cp -r tree gap && cp twofold.zip gap/data && package twofold gap 9 && refuses 3 archive-unreadable intake submit twofold.csar $(cat args) -o twofold.verdict
# What nobody here opens was looked at by nobody.
$ rm -rf gap && cp -r tree gap && { printf hsqs && head -c 24 /dev/zero && printf '\4\0\0\0' && head -c 5000 /dev/urandom; } >gap/data && package image gap 9 && refuses 3 archive-unreadable intake submit image.csar $(cat args) -o image.verdict
$ sallyport intake submit 1.csar $(cat args) -o 1.verdict
stdout 'outcome      clean'
