# N10: each question to a time stamp authority has a nonce of its own, and the answer to another one is none, however genuine.
use stamped
needs openssl
$ query() { sallyport package timestamp "$1.csar" --query-out "$1.tsq" >/dev/null && openssl ts -query -in "$1.tsq" -text 2>/dev/null | grep Nonce; }
> for n in 1 2 3; do query $n; done | sort -u | wc -l
| 3
# The same package signed anew asks anew; what was answered before is refused.
$ stamps 1.tsq 1.tsr && cp 1.tsq before.tsq && sallyport package sign 1.csar --key file:release.key --cert release.pem -o again.csar >/dev/null
> mv again.csar 1.csar && sallyport package timestamp 1.csar --query-out after.tsq >/dev/null
> for q in before after; do openssl ts -query -in $q.tsq -text 2>/dev/null | grep Nonce; done | sort -u | wc -l
| 2
$ cp 1.csar before.csar && refuses 3 time-stamp-invalid package timestamp 1.csar --reply 1.tsr && cmp 1.csar before.csar
$ stamps 2.tsq 2.tsr && refuses 3 time-stamp-invalid package timestamp 1.csar --reply 2.tsr && cmp 1.csar before.csar
$ stamps after.tsq after.tsr && sallyport package timestamp 1.csar --reply after.tsr >/dev/null && sallyport verify 1.csar --policy policy.json
stdout 'time stamp'
