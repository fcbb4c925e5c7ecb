# B30, H01: an encrypted archive, and a content above the scanner's limit, are not clean: part of them was not seen.
use packages
needs zip
$ clamd_here
$ cp -r tree locked && echo hello >secret.txt && zip -q -P password locked/locked.zip secret.txt && package locked locked 4
> refuses 3 scan-incomplete intake submit locked.csar --policy policy.json --key file:intake.key --clamd clamd/clamd.sock -o locked.verdict
$ sallyport intake show locked.verdict --policy policy.json
stdout 'not-clean'
stdout 'scan-incomplete locked.zip'
$ refuses 3 verdict-not-clean verify locked.verdict --policy policy.json
$ clamd_gone && sed 's/^MaxFileSize.*/MaxFileSize 1M/; s/^MaxScanSize.*/MaxScanSize 1M/' "$REPO/tools/demo/clamd" >small_clamd
> chmod +x small_clamd && rm -r clamd && (./small_clamd "$PWD/clamd" >/dev/null 2>&1 & echo $! >clamd.pid)
> for _ in $(seq 200); do if [ -S clamd/clamd.sock ]; then break; fi; sleep 0.05; done
> cp -r tree large && head -c 3000000 /dev/urandom >large/data && package large large 4
> refuses 3 scan-incomplete intake submit large.csar --policy policy.json --key file:intake.key --clamd clamd/clamd.sock -o large.verdict
