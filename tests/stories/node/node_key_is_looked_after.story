# A13, E: the node's own key is its alone, and fsck tells when it is not, or is another's.
use installed
$ stat -c '%a %n' node/node.key node/node.pub
| 600 node/node.key
| 644 node/node.pub
$ sallyport node fsck --root node >/dev/null && cp -a node good
> again() { rm -r node && cp -a good node; }
> broken() { refuses 3 trust-file-damaged node fsck --root node && grep -o '"where":"node[^"]*"' refusal.json | sort -u | paste -sd' '; again; }
> chmod 640 node/node.key && broken; rm node/node.key && broken; chmod 666 node/node.pub && broken; ln node/node.key node/copy && broken
> chown 4123 node/node.key && broken; sallyport key create -o other.key >/dev/null && cp other.key.pub node/node.pub && broken
> cat other.key >node/node.key && broken; : >node/node.key && broken; rm node/node.pub && broken; ln -sf /etc/hostname node/node.pub && broken
| "where":"node.key"
| "where":"node.key"
| "where":"node.pub"
| "where":"node.key"
| "where":"node.key"
| "where":"node.pub"
| "where":"node.key" "where":"node.pub"
| "where":"node.key"
| "where":"node.pub"
| "where":"node.pub"
# Nor does a whole pair of another pass, and it signs nothing as this node: what it signed would be told apart by nobody else.
$ cp other.key node/node.key && cp other.key.pub node/node.pub && refuses 3 trust-file-damaged node fsck --root node
> grep -o '"where":"node[^"]*"' refusal.json | sort -u; rm -r node && cp -a good node
| "where":"node.key"
$ sallyport node events --root node -o before >/dev/null && cp other.key node/node.key && cp other.key.pub node/node.pub
> refuses 3 trust-file-damaged node events --root node -o checkpoint && test ! -e checkpoint && grep -o 'the key that the journal pins' refusal.json
> refuses 3 trust-file-damaged node events --root node --since before
> refuses 3 trust-file-damaged node report --root node -o r.dsse && test ! -e r.dsse
> refuses 3 trust-file-damaged evidence run --root node -o evidence && test ! -e evidence/evidence.dsse && rm -r node && cp -a good node
| the key that the journal pins
# An initialisation that was cut short is begun anew with the key that it has left; a node never is without one.
$ mkdir -m 700 new new/objects && cp node/node.key new/ && sallyport node init --root new --policy policy.json --node node-1 --pool pool-1 >/dev/null && cmp new/node.key node/node.key
> cmp new/node.pub node/node.pub && sallyport node fsck --root new >/dev/null
$ mkdir -m 700 bad bad/objects && echo nonsense >bad/node.key && chmod 600 bad/node.key && sallyport node init --root bad --policy policy.json --node node-1 --pool pool-1
[exit 1]
stderr 'key-unusable'
$ test ! -e bad/node.json
