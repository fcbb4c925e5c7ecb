# An archive of very many small files: each of them costs hundreds of bytes of memory, wherever the release goes, and not thousands.
use packages
needs openssl python3
$ cat >make.py <<'PYTHON'
> import io, os, sys, tarfile
> count = int(sys.argv[2])
> with tarfile.open(sys.argv[1], "w", format=tarfile.GNU_FORMAT) as tar:
>     fill = tarfile.TarInfo("opt/app/fill")  # archives of one size: what else takes memory is the same
>     fill.size = 1024 * (41000 - count) + 1
>     tar.addfile(fill, io.BytesIO(os.urandom(fill.size)))
>     for i in range(count):
>         entry = tarfile.TarInfo(f"opt/app/share/folder-{i // 1000:04}/file-{i:07}.txt")
>         entry.size = 8
>         tar.addfile(entry, io.BytesIO(b"%08d" % i))
> PYTHON
> cat >peak.py <<'PYTHON'
> import resource, subprocess, sys
> subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
> print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024)
> PYTHON
$ openssl genpkey -algorithm ed25519 -out ed.key && openssl pkey -in ed.key -pubout -out ed.pub
$ for count in 1000 41000; do
>   python3 make.py $count.tar $count && openssl pkeyutl -sign -rawin -inkey ed.key -in $count.tar -out $count.sig
>   python3 peak.py sallyport package build --wrap $count.tar --signature $count.sig --publisher-key ed.pub --name app --version 1 --product demo --counter 1 -o $count.csar >$count.peaks
>   python3 peak.py sallyport package sign $count.csar --key file:release.key --cert release.pem >>$count.peaks
>   python3 peak.py sallyport verify $count.csar --policy policy.json >>$count.peaks
> done
# Of each entry: its text in tree.json, and the tree. It was 1900 when all values of the text were made at once.
$ paste -d' ' 1000.peaks 41000.peaks | while read -r few many; do each=$(((many - few) / 40000)); [ $each -lt 1200 ] && echo little || echo "$each bytes each"; done
| little
| little
| little
