# An order rests on one policy: a node accepts only orders under the one that it has pinned.
use node
$ sed 's/Operator X/Operator Y/' policy.json >other.json
> refuses 4 policy-mismatch verify 1.order --policy other.json
$ sallyport node init --root other --policy other.json --node node-1 --pool pool-1 >/dev/null
> mv node first && mv other node && refuses_install 4 policy-mismatch 1
# A node is initialised once, and only as a node of that pool.
$ refuses 7 node-already-initialised node init --root node --policy policy.json --node node-1 --pool pool-1
$ refuses 4 node-unknown node init --root third --policy policy.json --node node-1 --pool pool-2 && ! test -e third
