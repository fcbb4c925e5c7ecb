# Break-glass: a rule and keys of its own, a reason, a short window; and nobody can overlook it. G16
use ruled
$ refuses 4 break-glass-reason-missing deploy propose 1.csar --verdict 1.verdict --policy policy.json --pool pool-1 --as alice \
>   --key file:alice-bg.key --break-glass -o bg.order
# Blanks, marks without a letter, and letters without a shape are no reason.
$ for blank in ' ' '\302\240' '\343\205\244' '\342\240\200' '\314\201'; do
>   refuses 4 break-glass-reason-missing deploy propose 1.csar --verdict 1.verdict --policy policy.json --pool pool-1 --as alice \
>     --key file:alice-bg.key --break-glass --reason "$(printf "$blank$blank")" -o bg.order || exit 1
> done
$ refuses 4 signer-key-other-use deploy propose 1.csar --verdict 1.verdict --policy policy.json --pool pool-1 --as alice \
>   --key file:alice.key --break-glass --reason 'outage 4711' -o bg.order
$ refuses 4 order-window-too-long deploy propose 1.csar --verdict 1.verdict --policy policy.json --pool pool-1 --as alice \
>   --key file:alice-bg.key --break-glass --reason 'outage 4711' --until 2099-01-01T00:00:00Z -o bg.order
$ rm 1.order && sallyport deploy propose 1.csar --verdict 1.verdict --policy policy.json --pool pool-1 --as alice \
>   --key file:alice-bg.key --break-glass --reason 'outage 4711' --sequence 5 -o 1.order >/dev/null
$ sallyport deploy review 1.order --policy policy.json
stdout 'kind         break-glass'
$ refuses_install 4 approvals-missing 1
$ refuses 4 signer-key-other-use deploy approve 1.order --policy policy.json --as bob --key file:bob.key
$ sallyport deploy approve 1.order --policy policy.json --as bob --key file:bob-bg.key >/dev/null && installs 1 && sallyport node status --root node
stdout 'BREAK-GLASS'
stdout 'outage 4711'
stdout 'break-glass-used'
$ grep '"node-install"' node/events.jsonl | tail -n 1
stdout 'BREAK-GLASS: outage 4711'
$ sallyport node history --root node
stdout 'break-glass'
# A pool without the rule takes none.
$ refuses 4 break-glass-not-allowed deploy propose 1.csar --verdict 1.verdict --policy policy.json --pool pool-2 --as alice \
>   --key file:alice-bg.key --break-glass --reason 'outage' -o other.order
