# RTC-b: install and upgrade software that was not tampered with. (Its twin that was: RTC-a.)
use node
$ installs 1 && active
| 1
$ diff -r tree/bin node/active/tree/bin && cat node/active/tree/release
| release 1
$ installs 2 && active
| 2
$ cat node/active/tree/release && sallyport node verify --root node >/dev/null
| release 2
# The release before is kept for a rollback, and is still what the vendor signed.
$ sallyport node status --root node --json
json .result.previous.version "1"
$ sallyport node verify --root node --generation 1
stdout 'Generation 1 is what the vendor signed'
# One event each says who, what, which signer, which order.
$ grep -o '"activity":"node-install","outcome":"accepted"' node/events.jsonl | wc -l
| 2
