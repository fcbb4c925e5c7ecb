# Proposed by one person, approved by two others: granted. What each of them sees is what was signed.
use verdicts
$ sallyport deploy propose 1.csar --verdict 1.verdict --policy policy.json --pool pool-1 --as alice --key file:alice.key \
>   --reason 'first installation' -o 1.order
stdout 'proposer     alice'
stdout 'nodes        node-1, node-2'
stdout 'sallyport deploy review 1.order --policy policy.json --package 1.csar --verdict 1.verdict'
$ sallyport deploy review 1.order --policy policy.json --package 1.csar --verdict 1.verdict
stdout 'reason       first installation'
stdout 'standing     open'
stdout 'approved     nobody'
stdout 'required     2 persons other than alice'
stdout 'outcome      clean'
! stdout 'NOT LOOKED AT'
# Whoever reads less is told what was not read: a finding may stand in the verdict, with an exception for it.
$ sallyport deploy review 1.order --policy policy.json --package 1.csar
stdout '! NOT LOOKED AT: what intake says'
! stdout 'NOT LOOKED AT: what is in the package'
$ sallyport deploy review 1.order --policy policy.json --json
json .result.not_looked_at ["verdict","package"]
$ sallyport deploy approve 1.order --policy policy.json --as dave --key file:dave-2.key
stdout 'approved     dave'
$ refuses 4 approvals-missing verify 1.order --policy policy.json
# --dry-run signs nothing.
$ cp 1.order before && approval 1 bob --dry-run && cmp 1.order before
$ approval 1 bob && sallyport deploy show 1.order --policy policy.json
stdout 'standing     granted'
stdout 'approved     bob, dave'
$ sallyport verify 1.order --policy policy.json
stdout 'a genuine order'
# The review shows an upgrade as its difference.
$ proposal 2 && sallyport deploy review 2.order --policy policy.json --package 2.csar --running 1.csar
stdout 'What changes against demo 1, counter 1'
stdout 'release: version 1'
# A number that no order can have is misuse.
$ for number in 0 9007199254740993 18446744073709551615; do refuses 2 usage-error deploy propose 1.csar --verdict 1.verdict --policy policy.json \
>   --pool pool-1 --as alice --key file:alice.key --sequence $number -o new.order || exit 1; done
$ grep -o '"where":"--sequence","expected":"1 to 2^53"' refusal.json
| "where":"--sequence","expected":"1 to 2^53"
# It shows only what the order names.
$ refuses 3 order-other-package deploy review 2.order --policy policy.json --package 1.csar
