# A signed stop order beats an order that everybody approved, wherever it is known. G17
use ruled
$ for n in 1 2; do for person in bob dave carol; do approval "$n" "$person"; done; done
$ sallyport deploy stop 1.order --policy policy.json --as carol --key file:carol.key --reason 'wrong build' -o 1.stop
stdout 'reason       wrong build'
$ refuses 6 person-key-mismatch deploy stop 1.order --policy policy.json --as carol --key file:bob.key -o other.stop
# Anybody can check it, as any signed file.
$ sallyport verify 1.stop --policy policy.json
stdout 'is a genuine stop order'
stdout 'wrong build'
$ sallyport inspect 1.stop
stdout 'wrong build'
$ edited policy.json '[x for x in p["persons"] if x["id"] == "carol"][0]["revoked_at"] = "2026-01-01T00:00:00Z"; p["pools"][0]["approvals"]["rule"] = {"roles": ["operations"], "persons": 1}; del p["officers"]' >without.json
> refuses 4 signer-revoked verify 1.stop --policy without.json
# Tampered with, it stops nothing; the order stands where the stop is not known.
$ sed 's/"payload":"ey/"payload":"eX/' 1.stop >bad.stop && ! sallyport node stop-order bad.stop --root node 2>/dev/null
$ sallyport node install 1.csar --verdict 1.verdict --order 1.order --root node --dry-run
stdout 'PASS  approvals'
$ sallyport node stop-order 1.stop --root node
stdout 'the order cannot be used on this node any more'
$ refuses_install 4 order-stopped 1
$ sallyport node stop-order 1.stop --root node
stdout 'nothing: the node knew it'
$ sallyport node history --root node
stdout 'order-stopped'
# An order that was carried out before stays carried out.
$ installs 2 && sallyport deploy stop 2.order --policy policy.json --as eve --key file:eve.key -o 2.stop
$ sallyport node stop-order 2.stop --root node && active
stdout 'nothing that runs'
stdout '2'
