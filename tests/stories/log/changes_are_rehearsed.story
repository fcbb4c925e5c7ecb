# --dry-run of what changes a log or a witness: every check and its result, and not a byte elsewhere; no witness is asked.
use logged
$ rehearses log create --log other --origin log.example/others --key file:log.key
json .result.origin "log.example/others"
$ refuses 7 log-already-created log create --log log --origin log.example/packages --key file:log.key --dry-run
$ rehearses log append 1.csar 1.verdict 1.order --log log --key file:log.key --events events
json .result.indices[2] 2
json .result.size 3
# What is said to be rehearsed is not said as if it were done.
$ sallyport log append 1.order --log log --key file:log.key --dry-run
stdout 'REHEARSAL (--dry-run): nothing was changed; what would be:'
! stdout 'Next:'
$ sallyport log append 1.order --log log --key file:log.key >/dev/null && rehearses log request --log log -o new.request
json .result.would_write[0] "new.request"
$ sallyport log request --log log -o w1.request >/dev/null
> rehearses log witness w1.request --state w1 --name w1.example --key file:w1.key --policy policy.json -o new.answer
json .result.size 1
$ cosigned && sallyport log append 2.order --log log --key file:log.key >/dev/null && sallyport log request --log log -o w1.request >/dev/null
> sallyport log witness w1.request --state w1 --name w1.example --key file:w1.key --policy policy.json -o w1.answer >/dev/null
> rehearses log cosign w1.answer --log log --policy policy.json
json .result.witnesses[0] "w1.example"
$ rehearses log prove 1.order --log log -o new.proof
json .result.index 0
$ refuses 4 entry-not-logged log prove 3.order --log log -o new.proof --dry-run
# The witness listens, and hears nothing.
$ witness_here w1 && asking w1 && rehearses log cosign --log log --policy asking.json
json .result.would_ask[0] "w1.example"
$ rehearses log append 3.order --log log --key file:log.key --policy asking.json
json .result.size 3
json .result.would_ask[0] "w1.example"
$ rehearses log watch --listen 127.0.0.1:0 --state w3 --name w3.example --key file:w1.key --policy policy.json
