# An auditor checks a whole copy of the log, from a folder and over the web, and asks it about a package (N01, N02, N03).
needs nginx
use logged
$ logged 1 && cp log/public/checkpoint kept && logged 2 && cp -r log/public copy
$ sallyport log audit copy --policy policy.json --since kept
stdout 'PASS  Every entry is in the tree that the log signed.'
stdout 'PASS  The log begins with what it was then.'
stdout 'order        2'
$ sallyport log audit copy --policy policy.json --about 1.csar --json | grep -o '"index":[0-9]*'
| "index":0
| "index":1
| "index":2
$ sallyport log audit copy --policy policy.json --about "$(sha256sum <2.csar | cut -c -64)" --kind order --json | grep -o '"index":[0-9]*'
| "index":5
$ refuses 2 usage-error log audit copy --policy policy.json --kind revocation && grep -o 'break-glass or revocations' refusal.json
| break-glass or revocations
$ web_here copy && sallyport log audit "$(cat url)" --policy policy.json --entries
stdout 'entry 5      order'
# One bit of one entry; an older copy; another history; a file that is not there.
$ cp copy/tile/entries/000.p/6 good && printf X | dd of=copy/tile/entries/000.p/6 bs=1 seek=700 conv=notrunc 2>/dev/null
$ refuses 3 log-entry-malformed log audit copy --policy policy.json
$ cp good copy/tile/entries/000.p/6 && cp copy/checkpoint newest && cp kept copy/checkpoint && sallyport log audit copy --policy policy.json
stdout 'size         3'
$ refuses 7 log-shrunk log audit copy --policy policy.json --since newest
$ rm copy/tile/0/000.p/3 && refuses 5 server-file-missing log audit "$(cat url)" --policy policy.json
$ refuses 3 log-damaged log audit copy --policy policy.json; grep -o '"where":"tile/0/[^"]*"' refusal.json
| "where":"tile/0/000.p/3"
$ rm copy/checkpoint && refuses 2 file-missing log audit copy --policy policy.json
$ rm -r log w1 w2 && sallyport log create --log log --origin log.example/packages --key file:log.key && logged 2 && logged 3
$ refuses 7 log-forked log audit log/public --policy policy.json --since kept
