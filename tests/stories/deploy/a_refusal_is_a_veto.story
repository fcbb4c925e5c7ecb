# One signed refusal blocks the order for good, whatever the number of approvals.
use node
$ sallyport deploy refuse 1.order --policy policy.json --as dave --key file:dave.key
stdout 'standing     vetoed'
stdout 'approved     bob, carol'
stdout 'refused      dave'
$ refuses 4 order-vetoed verify 1.order --policy policy.json
$ refuses 4 order-vetoed deploy approve 1.order --policy policy.json --as dave --key file:dave.key
$ refuses_install 4 order-vetoed 1
$ refuses 6 person-key-mismatch deploy refuse 2.order --policy policy.json --as dave --key file:eve.key
