# A rule is a boolean over roles: two of operations besides the proposer do not make up for security, and a person fills one place.
use ruled
$ approval 1 bob && approval 1 dave && sallyport deploy show 1.order --policy policy.json
stdout 'standing     open'
stdout '2 of operations and 1 of security'
$ refuses_install 4 approvals-missing 1
$ approval 1 carol && sallyport deploy show 1.order --policy policy.json
stdout 'standing     granted'
$ installs 1 && active
| 1
# An order that would be open for longer than the policy allows is not even signed.
$ refuses 4 order-window-too-long deploy propose 2.csar --verdict 2.verdict --policy policy.json --pool pool-1 --as alice \
>   --key file:alice.key --until 2099-01-01T00:00:00Z -o long.order
$ ! test -e long.order
