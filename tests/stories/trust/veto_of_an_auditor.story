# Who has a veto role refuses, and can do nothing else.
use ruled
$ refuses 4 approver-not-authorised deploy approve 1.order --policy policy.json --as eve --key file:eve.key
$ approval 1 bob && approval 1 dave && approval 1 carol && sallyport verify 1.order --policy policy.json
stdout 'a genuine order'
$ sallyport deploy refuse 1.order --policy policy.json --as eve --key file:eve.key
stdout 'standing     vetoed'
$ refuses_install 4 order-vetoed 1
