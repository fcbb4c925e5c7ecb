# G02, G03, G21, G29: not the proposer, not the same person twice, not a stranger, not in another one's name.
use verdicts
$ proposal 1
> refuses 4 approver-is-proposer deploy approve 1.order --policy policy.json --as alice --key file:alice.key
$ refuses 6 person-key-mismatch deploy approve 1.order --policy policy.json --as bob --key file:carol.key
$ refuses 6 person-key-mismatch deploy approve 1.order --policy policy.json --as bob --key file:eve.key
$ refuses 6 person-key-mismatch deploy approve 1.order --policy policy.json --as eve --key file:eve.key
$ approval 1 dave && refuses 4 approver-counted-twice deploy approve 1.order --policy policy.json --as dave --key file:dave-2.key
$ sallyport deploy show 1.order --policy policy.json
stdout 'standing     open'
stdout 'approved     dave'
# Only roles that may propose do, for pools that are there, and products that run there.
$ refuses 4 proposer-not-authorised deploy propose 1.csar --verdict 1.verdict --policy policy.json --pool pool-1 --as carol \
>   --key file:carol.key -o new.order
$ refuses 6 person-key-mismatch deploy propose 1.csar --verdict 1.verdict --policy policy.json --pool pool-1 --as alice \
>   --key file:bob.key -o new.order
$ refuses 4 order-other-product deploy propose 1.csar --verdict 1.verdict --policy policy.json --pool pool-3 --as alice \
>   --key file:alice.key -o new.order
$ refuses 4 node-unknown deploy propose 1.csar --verdict 1.verdict --policy policy.json --pool pool-1 --nodes node-9 --as alice \
>   --key file:alice.key -o new.order
$ refuses 2 usage-error deploy propose 1.csar --verdict 1.verdict --policy policy.json --pool pool-1 --nodes '' --as alice \
>   --key file:alice.key -o new.order
$ refuses 3 verdict-other-package deploy propose 1.csar --verdict 2.verdict --policy policy.json --pool pool-1 --as alice \
>   --key file:alice.key -o new.order
$ refuses 2 usage-error deploy propose 1.csar --verdict 1.verdict --policy policy.json --pool pool-1 --as alice \
>   --key file:alice.key --until 2020-01-01T00:00:00Z -o new.order
$ ! test -e new.order
