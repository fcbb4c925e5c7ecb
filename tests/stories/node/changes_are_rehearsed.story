# --dry-run of what starts, stops and forbids: every check is made, no byte is written, no service touched.
use service
needs unshare root openssl
$ rehearses node start --root node
json .result.demo "running"
$ rehearses node run demo --root node
json .result.generation 1
$ sallyport node status --root node --json
json .result.services[0].state "stopped"
$ sallyport node start --root node >/dev/null && sed 's/.*"pid":\([0-9]*\),.*/\1/' node/run/demo.json >pid && rehearses node stop demo --root node
json .result.demo "held"
$ sallyport node status --root node --json
json .result.services[0].state "running"
json .result.services[0].held false
$ test -d "/proc/$(cat pid)" && refuses 2 service-unknown node stop other --root node --dry-run
# Stop orders and lists.
$ sallyport deploy stop 2.order --policy policy.json --as bob --key file:bob.key --reason wrong -o 2.stop >/dev/null
> rehearses node stop-order 2.stop --root node && lists acme && crl acme >acme.crl && rehearses node crl acme.crl --root node
$ rehearses node install $(install_args 2) && rehearses node events --root node -o events.checkpoint && rehearses node report --root node -o report.dsse
$ rehearses evidence run --root node -o evidence
stdout 'RX-1.one-approval-short'
$ sallyport evidence run --root node -o evidence --dry-run
stdout 'WOULD TRY  RX-1.one-approval-short'
! stdout 'PASS'
$ mkdir full && touch full/file && refuses 2 file-exists evidence run --root node -o full --dry-run
# What a start would refuse, its rehearsal refuses.
$ sallyport node stop --root node >/dev/null && echo x >>node/active/tree/release && refuses 3 generation-damaged node start --root node --dry-run
> refuses 3 generation-damaged node run demo --root node --dry-run
