# Where the policy names a log, nothing is installed that is not in it.
use logged
$ sallyport policy show policy.json
stdout 'log.example/packages, cosigned by 2 of w1.example, w2.example'
$ sallyport deploy review 1.order --policy policy.json --json
json .result.log "log.example/packages, cosigned by 2 of w1.example, w2.example"
$ refuses_install 4 log-proof-missing 1
# Appended, but nobody has cosigned it yet.
$ sallyport log append 1.csar 1.verdict 1.order --log log --key file:log.key && sallyport log prove 1.order --log log -o 1.order.proof
stdout 'entry 2'
$ refuses_install 4 witnesses-missing 1
# One witness of two is too few.
$ sallyport log request --log log -o r && sallyport log witness r --state w1 --name w1.example --key file:w1.key --policy policy.json -o a
stdout 'Cosigned 3 entries of log.example/packages'
$ sallyport log cosign a --log log --policy policy.json && sallyport log prove 1.order --log log -o 1.order.proof
$ refuses_install 4 witnesses-missing 1
$ sallyport log request --log log -o r2
stdout 'from'
# The other one has seen nothing yet, and wants to see how the log got from there to here.
$ refuses 7 witness-behind log witness r2 --state w2 --name w2.example --key file:w2.key --policy policy.json -o a
$ sallyport log request --log log --old 0 -o r && sallyport log witness r --state w2 --name w2.example --key file:w2.key --policy policy.json -o a
$ sallyport log cosign a --log log --policy policy.json && sallyport log prove 1.order --log log -o 1.order.proof
$ sallyport log verify 1.order --proof 1.order.proof --policy policy.json
stdout 'PASS  This order is in the log.'
$ installs 1
$ sallyport node status --root node --json
json .result.logs[0].size 3
$ sallyport node fsck --root node
# The event of the refusal and of the installation say what was checked.
$ grep -c '"code":"witnesses-missing"' node/events.jsonl
| 2
$ grep '"activity":"node-install","outcome":"accepted"' node/events.jsonl | grep -o '"name":"log [a-z]*"'
| "name":"log inclusion"
| "name":"log witnesses"
# The proof of another order, and of the same order with other signatures on it (N05).
$ logged 2 && cp 2.order.proof 3.order.proof && refuses_install 3 inclusion-proof-invalid 3
$ installs 2
# --proof names another file than ORDER.proof; without it the proof is looked for beside the order.
$ logged 3 && mv 3.order.proof elsewhere && refuses_install 4 log-proof-missing 3
$ installs 3 --proof elsewhere
