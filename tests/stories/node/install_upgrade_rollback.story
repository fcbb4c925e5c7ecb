# A01, A02: install, upgrade, return, and what each leaves behind.
use node
$ sallyport node status --root node --json
json .result.active null
$ refuses 7 nothing-active node verify --root node
$ installs 1 && installs 2 && active
| 2
$ refuses 7 nothing-to-roll-back node rollback --root node --to 7 || refuses 7 generation-missing node rollback --root node --to 7
$ sallyport node rollback --root node --dry-run >/dev/null && active
| 2
$ sallyport node rollback --root node
stdout 'Back from generation 2 to generation 1'
$ sallyport node status --root node
stdout 'sequence 2: generation 2 confirmed; generation 1 is active now'
$ active && cat node/active/tree/release && sallyport node verify --root node >/dev/null && sallyport node fsck --root node >/dev/null
| 1
| release 1
# Forward again to the generation that was healthy; an order is not needed for what was approved when it came.
$ sallyport node rollback --root node --to 2 >/dev/null && active
| 2
$ installs 3 && sallyport node history --root node --json
json .result.history[0].event "initialised"
json .result.history[1].event "time-seen"
json .result.history[6].event "confirmed"
# One event says package, signer, order, approvals and generation.
$ grep '"subject":"3.csar"' node/events.jsonl
stdout '"outcome":"accepted"'
stdout '"signer":"CN=acme release"'
stdout '"name":"approvals","finding":"bob, carol; required: 2 of operations or security, pool pool-1"'
stdout '"effect":"generation 3 activated"'
