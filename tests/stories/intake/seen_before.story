# What clamd called clean with this database is not scanned again, and what held nothing not opened; a file of the cache that somebody else wrote is not believed.
use packages
$ clamd_here && echo --policy policy.json --key file:intake.key --clamd clamd/clamd.sock --cache cache >args
# A folder that is not there is told before anything is scanned.
$ refuses 2 file-missing intake submit 1.csar $(cat args) -o 1.verdict && grep -o '"where":"cache"' refusal.json && mkdir cache
| "where":"cache"
$ sallyport intake submit 1.csar $(cat args) -o 1.verdict && ls cache | wc -l
stdout 'outcome      clean'
stdout '2'
$ cp 1.csar again.csar && sallyport intake submit again.csar $(cat args) -o again.verdict && sallyport verify again.verdict --policy policy.json
stdout 'outcome      clean'
stdout 'scan coverage clamd: 10 files'
# One byte of it, and a file that nobody signed.
$ for f in cache/*.scans; do
>   cp "$f" good && printf 'X' | dd of="$f" bs=1 seek="$(($(stat -c %s "$f") - 1))" conv=notrunc status=none
>   refuses 3 scan-cache-invalid intake submit 2.csar $(cat args) -o 2.verdict
>   printf '{}\n' >"$f" && head -c 3200 /dev/zero >>"$f" && refuses 3 scan-cache-invalid intake submit 2.csar $(cat args) -o 2.verdict && cp good "$f"
> done
$ sallyport intake submit 2.csar $(cat args) -o 2.verdict
stdout 'outcome      clean'
# With another database nothing is known: what it finds is found.
$ cp -r tree marked && echo 'abracadabra' >marked/notes.txt && package marked marked 4 && sallyport intake submit marked.csar $(cat args) -o marked.verdict
stdout 'outcome      clean'
# Rules look at what is known, and in the archives of it.
$ cp -r tree packed && echo 'abracadabra' | gzip -c >packed/notes.gz && package packed packed 5 && sallyport intake submit packed.csar $(cat args) -o packed.verdict
stdout 'outcome      clean'
$ for n in marked packed; do refuses 3 malware-found intake submit $n.csar $(cat args) --yara spell.yar -o $n-2.verdict; done
$ clamd_gone && rm -r clamd && sed 's/^echo "Eicar-Test-Signature:.*/&\necho "Spell:0:*:6162726163616461627261" >>"$dir\/database\/sallyport.ndb"/' \
>   "$REPO/tools/demo/clamd" >knowing_clamd && chmod +x knowing_clamd && (./knowing_clamd "$PWD/clamd" >/dev/null 2>&1 & echo $! >clamd.pid)
> for _ in $(seq 200); do if [ -S clamd/clamd.sock ]; then break; fi; sleep 0.05; done
> rm marked.verdict && refuses 3 malware-found intake submit marked.csar $(cat args) -o marked.verdict
-- spell.yar --
rule spell { strings: $a = "abracadabra" condition: $a }
