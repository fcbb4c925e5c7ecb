# R09: the officers say until when an algorithm counts. After that nothing new comes in by it, what runs goes on, and whose keys end is on the
# screen long before.
use ruled
needs faketime
$ for p in bob dave carol; do approval 1 $p; done; installs 1 && date -u -d '+1 hour' +%FT%TZ >end && date -u -d '+1 hour +1 second' +%FT%TZ >after
> ends() { edited policy.json "p['version'] = 2; p['algorithms'] = [{'algorithm': '$1', 'not_after': '$(cat end)'}]"; }
> ends 'ECDSA P-256' >two.json && ends Ed25519 >three.json && ends MD5 >bad.json && refuses 4 policy-malformed policy check bad.json
$ sallyport policy show two.json
stdout 'algorithm    ECDSA P-256: until '
stdout ': source acme, anchor CN=acme root'
! stdout 'person bob, key'
$ sallyport policy show three.json
stdout ': person bob, key'
stdout ': intake intake-1, key'
# Packages: until the last second, and not after it.
$ sallyport verify 1.csar --policy two.json --at "$(cat end)" >/dev/null && refuses 4 algorithm-ended verify 1.csar --policy two.json --at "$(cat after)"
$ grep -o '"expected":"ECDSA P-256 only until' refusal.json | uniq
| "expected":"ECDSA P-256 only until
# Verdicts, and persons.
$ sallyport verify 2.verdict --policy three.json --at "$(cat end)" >/dev/null && refuses 4 algorithm-ended verify 2.verdict --policy three.json --at "$(cat after)"
$ sallyport deploy propose 2.csar --verdict 2.verdict --policy three.json --pool pool-1 --as alice --key file:alice.key --sequence 3 -o three.order >/dev/null
> refuses 4 algorithm-ended deploy approve three.order --policy three.json --as bob --key file:bob.key --at "$(cat after)"
# A node: the order was approved in time and the package is looked at after it; what runs is not touched.
$ for p in alice carol; do officer_approves two.json$([ $p = alice ] || echo .signed) $p; done && sallyport node policy two.json.signed --root node >/dev/null
> rm 2.order && mv two.json policy.json && proposal 2 --sequence 4 && for p in bob dave carol; do approval 2 $p; done; sallyport node status --root node
stdout 'ends         ECDSA P-256 until '
$ before=$(state node); s=0; faketime -f +2h sallyport node install $(install_args 2) --json >refusal.json || s=$?
> test $s = 4 && grep -q algorithm-ended refusal.json && test "$(state node)" = "$before" && faketime -f +2h sallyport node verify --root node >/dev/null && installs 2 && active
| 2
$ faketime -f +2h sallyport node rollback --root node >/dev/null && active
| 1
$ sallyport evidence run --root node -o evidence >/dev/null 2>&1 || true; sallyport evidence report evidence -o evidence.html --key node/node.pub >/dev/null && grep '<dt>Algorithms that end' evidence.html
stdout 'ECDSA P-256 until '
