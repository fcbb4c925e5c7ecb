# H09: a false positive goes in by an exception that persons approved, for one content, one engine, one pool, until a time; the node
# verifies it itself.
use packages
needs clamd root
$ sed 's/^echo "Eicar-Test-Signature:.*/&\necho "Old-Release:0:*:72656c6561736520310a" >>"$dir\/database\/sallyport.ndb"/' "$REPO/tools/demo/clamd" >knowing_clamd
> chmod +x knowing_clamd && (./knowing_clamd "$PWD/clamd" >/dev/null 2>&1 & echo $! >clamd.pid)
> for _ in $(seq 200); do if [ -S clamd/clamd.sock ]; then break; fi; sleep 0.05; done
> echo --policy policy.json --key file:intake.key --clamd clamd/clamd.sock >args
> refuses 3 malware-found intake submit 1.csar $(cat args) -o hit.verdict && sallyport verify 1.csar --policy policy.json >/dev/null
> sallyport intake show hit.verdict --policy policy.json
stdout 'malware-found release clamd: Old-Release'
$ refuses 2 usage-error intake exception propose --verdict hit.verdict --content release --policy policy.json --as alice --key file:alice.key --until 2099-01-01T00:00:00Z --pool pool-1 \
>   --reason x -o x.exception
$ sallyport intake show hit.verdict --policy policy.json | sed -n 's/.*malware-found release .*, content \([0-9a-f]*\).*/\1/p' >content
> soon=$(date -u -d '+1 hour' +%Y-%m-%dT%H:%M:%SZ)
> echo --verdict hit.verdict --content "$(cat content)" --policy policy.json --as alice --key file:alice.key --until "$soon" >what
> sallyport intake exception propose $(cat what) --pool pool-1 --reason 'vendor ticket 4711' -o x.exception
stdout 'engine       clamd'
stdout 'signature    Old-Release'
$ refuses 4 approvals-missing intake submit 1.csar $(cat args) --exception x.exception -o 1.verdict
> for p in bob carol; do sallyport intake exception approve x.exception --policy policy.json --as $p --key file:$p.key --events events >/dev/null || exit; done
> refuses 4 approver-is-proposer intake exception approve x.exception --policy policy.json --as alice --key file:alice.key --events events
> grep -c '"activity":"intake-exception-approve","outcome":"accepted".*"signer":"\(bob\|carol\)","order":"[0-9a-f]\{64\}",.*"checks":\[{' events >counts
> grep -c '"activity":"intake-exception-approve","outcome":"refused".*"order":"[0-9a-f]\{64\}",' events >>counts && test "$(tr '\n' ' ' <counts)" = '2 1 '
> sallyport intake exception review x.exception --policy policy.json
stdout 'standing     granted'
$ sallyport intake submit 1.csar $(cat args) --exception x.exception -o 1.verdict
stdout 'outcome      excepted'
stdout 'vendor ticket 4711'
$ sallyport verify 1.verdict --policy policy.json
stdout 'EXCEPTION'
# What persons have excepted is not recalled by this verdict, which is what is told.
$ refuses 2 usage-error recall propose --verdict 1.verdict --policy policy.json --pool pool-1 --as alice --key file:alice.key -o r.recall && grep -o 'persons have excepted what was found' refusal.json
| persons have excepted what was found
$ refuses 4 scan-exception-invalid verify 1.verdict --policy policy.json --at "$(date -u -d "+2 days" +%FT%TZ)"
# Another statement is told by its name, with what takes it.
$ refuses 3 statement-type-mismatch intake show x.exception --policy policy.json && grep -o '"expected":"a verdict","found":"[^`]*`sallyport [a-z ]*' refusal.json
| "expected":"a verdict","found":"an exception for the scanner's findings: `sallyport intake exception review
$ order 1 --sequence 7 >/dev/null; refuses 3 statement-type-mismatch intake show 1.order --policy policy.json; rm 1.order; grep -o '"expected":"a verdict","found":"[^`]*`sallyport [a-z ]*' refusal.json
| "expected":"a verdict","found":"an order: `sallyport deploy show
# What it is not about is found as ever.
$ cp -r tree more && printf 'release 1\n' >more/release && printf 'X release 1\n' >more/second && package more more 9
> refuses 3 malware-found intake submit more.csar $(cat args) --exception x.exception -o more.verdict && sallyport intake show more.verdict --policy policy.json
stdout 'outcome      not-clean'
# A recall of such a package leaves out what persons of the pool have excepted. An exception that changes nothing is told.
$ echo --policy policy.json --pool pool-1 --as alice --key file:alice.key >by && sallyport recall propose --verdict more.verdict $(cat by) -o all.recall --json >all.json && grep -o "\"content\",\"value\":\"$(cat content)" all.json | wc -l && grep -o '"name":"content"' all.json | wc -l
> sallyport recall propose --verdict more.verdict --exception x.exception $(cat by) -o left.recall --json >left.json && grep -o '"name":"content"' left.json | wc -l && ! grep "$(cat content)" left.json
| 1
| 2
| 1
$ refuses 2 usage-error recall propose --verdict hit.verdict --exception x.exception $(cat by) -o none.recall && grep -o 'persons have excepted what was found' refusal.json
| persons have excepted what was found
# One reader takes verdicts, for whatever they are wanted.
$ for command in 'recall propose' 'intake exception propose --content '"$(cat content)"' --reason x --until 2099-01-01T00:00:00Z' 'deploy propose more.csar'; do refuses 3 statement-type-mismatch $command --verdict x.exception $(cat by) -o none && grep -o '"expected":"a verdict","found":"an exception' refusal.json || exit; done
| "expected":"a verdict","found":"an exception
| "expected":"a verdict","found":"an exception
| "expected":"a verdict","found":"an exception
# The node takes it for its own pool, and for no other.
$ order 1 --sequence 1 && sallyport node init --root node --policy policy.json --node node-1 --pool pool-1 >/dev/null && installs 1 && active
| 1
$ sallyport intake exception propose $(cat what) --pool pool-2 --reason 'for the others' -o y.exception >/dev/null
> for p in bob carol; do sallyport intake exception approve y.exception --policy policy.json --as $p --key file:$p.key >/dev/null || exit; done
> rm 1.verdict 1.order && sallyport intake submit 1.csar $(cat args) --exception y.exception -o 1.verdict >/dev/null && order 1 --sequence 2
> refuses_install 4 scan-exception-invalid 1
