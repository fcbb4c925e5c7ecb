# What is said never goes into a file of the node, whatever streams the caller has closed; and a result that cannot be written is no success.
use node
$ sallyport node install 1.csar --verdict 1.verdict --order 1.order --root node <&- >&- 2>&-
$ sallyport node fsck --root node
stdout 'Clean'
$ ! grep -rl 'PASS\|Running' node --include=journal --include='state.*' --include=events.jsonl
$ sallyport node status --root node --json >/dev/full
[exit 1]
stderr 'standard output'
$ sallyport explain order-replayed >/dev/full
[exit 1]
$ sallyport explain no-such-code --json >/dev/full
[exit 2]
$ set -o pipefail; sallyport deploy review 1.order --policy policy.json --package 1.csar | true
