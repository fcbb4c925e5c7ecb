# RX-1: only authorised persons can initiate and deploy an update, and software comes from verified sources only.
use installed
# An operator proposes, two others approve, the node deploys.
$ installs 2 && active
| 2

# Somebody whom the policy does not name cannot even propose, nor can somebody with another one's name.
$ refuses 6 person-key-mismatch deploy propose 3.csar --verdict 3.verdict --policy policy.json --pool pool-1 \
>   --as alice --key file:eve.key -o eve.order
> test ! -e eve.order
$ refuses 4 proposer-not-authorised deploy propose 3.csar --verdict 3.verdict --policy policy.json --pool pool-1 \
>   --as carol --key file:carol.key -o carol.order

# Proposed and approved by one person of two: the node does not deploy, whoever hands it the order.
$ rm 3.order && proposal 3 && refuses_install 4 approvals-missing 3
$ approval 3 bob && refuses_install 4 approvals-missing 3
# The proposer cannot be the second one, and bob cannot be two.
$ refuses 4 approver-is-proposer deploy approve 3.order --policy policy.json --as alice --key file:alice.key
$ refuses 4 approver-counted-twice deploy approve 3.order --policy policy.json --as bob --key file:bob.key
$ approval 3 carol && installs 3 && active
| 3

# A package of an unknown vendor, of a vendor for another product, and of nobody.
$ cp 3.csar strange.csar && cp 3.csar foreign.csar && twin 3 strange && twin 3 foreign && twin 3 unsigned
> sallyport package sign strange.csar --key file:stranger.key --cert stranger.pem >/dev/null
> sallyport package sign foreign.csar --key file:zeta.key --cert zeta.pem >/dev/null
> sallyport package build --from tree --name demo --version 4 --product demo --counter 4 -o unsigned.csar >/dev/null
$ refuses_install 3 signer-unknown strange
$ refuses_install 4 signer-not-for-product foreign
$ refuses_install 3 signature-missing unsigned
