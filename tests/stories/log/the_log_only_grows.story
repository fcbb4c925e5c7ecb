# A log that goes back, or shows another history, is refused by its witnesses and by every node that saw it before (N01, N02, N03).
use logged
$ logged 1 && cp -a log yesterday && logged 2 && installs 1 && installs 2
$ sallyport node status --root node --json
json .result.logs[0].size 6
# Yesterday's log, brought back whole: it signs again from there. Its witnesses do not follow.
$ rm -r log && cp -a yesterday log
$ sallyport log append 3.csar 3.verdict 3.order --log log --key file:log.key
$ sallyport log request --log log --old 3 -o r
$ refuses 7 witness-behind log witness r --state w1 --name w1.example --key file:w1.key --policy policy.json -o a
# The request that claims to begin at 6 has a proof that leads nowhere.
$ sallyport log request --log log --old 6 -o r && refuses 7 log-forked log witness r --state w1 --name w1.example --key file:w1.key --policy policy.json -o a
# Witnesses that forget what they saw cosign it: the node does not.
$ rm -r w1 w2 && sallyport log request --log log --old 0 -o r
$ for w in w1 w2; do sallyport log witness r --state $w --name $w.example --key file:$w.key --policy policy.json -o $w.answer; done
$ sallyport log cosign w1.answer w2.answer --log log --policy policy.json && sallyport log prove 3.order --log log -o 3.order.proof
$ sallyport log verify 3.order --proof 3.order.proof --policy policy.json
$ refuses_install 7 log-forked 3
# A shorter one.
$ rm -r log w1 w2 && sallyport log create --log log --origin log.example/packages --key file:log.key && sallyport log append 3.order --log log --key file:log.key
$ cosigned && sallyport log prove 3.order --log log -o 3.order.proof && refuses_install 7 log-shrunk 3
