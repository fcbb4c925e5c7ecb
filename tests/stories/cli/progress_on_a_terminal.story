# Long work shows how far it is on a terminal, in one line of plain text that is gone at the end; nowhere else.
needs script
$ mkdir tree && head -c 12000000 /dev/urandom | base64 >tree/large && head -c 3000000 /dev/urandom | base64 >tree/small
> build="sallyport package build --from tree --name demo --version 1 --product demo --counter 1 --level 19"
> TERM=xterm script -qec "$build -o 1.csar" typescript >/dev/null
> tr '\r' '\n' <typescript | grep -o '^packing  *\[#* *\]  *[0-9]*%  [0-9.]* of 19.3 MiB' | head -n 1 | tr -d '0-9#. []'
| packing%ofMiB
$ tr '\r' '\n' <typescript | grep -oE '[0-9.]+ [KM]iB/s  [0-9]+ (s|min) left' | head -n 1 | sed -E 's/[0-9.]+/N/g; s/ [KM]iB/ MiB/; s/ min / s /'
| N MiB/s  N s left
# The line is blank again before the result comes.
$ tr '\r' '\n' <typescript | grep -v '^$' | grep -B 1 '^Built' | head -n 1 | tr -d ' ' | wc -c
| 1
$ grep -c $'\x1b' typescript || true
| 0
# Not into a file or pipe, and not on a terminal that cannot go back in a line.
$ sallyport package build --from tree --name demo --version 2 --product demo --counter 2 --level 19 -o 2.csar >/dev/null 2>err && wc -c <err
| 0
$ TERM=dumb script -qec "sallyport package build --from tree --name demo --version 3 --product demo --counter 3 --level 19 -o 3.csar" dumb >/dev/null
> grep -c packing dumb || true
| 0
# On the terminal it is on standard error: a result that goes elsewhere is the result alone.
$ TERM=xterm script -qec "sallyport package build --from tree --name demo --version 4 --product demo --counter 4 --level 19 -o 4.csar --json >result" shown >/dev/null
> grep -c packing shown | tr '1-9' y && python3 -m json.tool <result >/dev/null
| y
