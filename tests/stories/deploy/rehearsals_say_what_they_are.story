# What was only rehearsed does not look like what was done.
use node
$ cp 1.order before; sallyport deploy approve 1.order --policy policy.json --as dave --key file:dave.key --dry-run; cmp before 1.order
stdout 'Would write 1.order'
$ proposal_args='1.csar --verdict 1.verdict --policy policy.json --pool pool-1 --as alice --key file:alice.key'
> sallyport deploy propose $proposal_args -o new.order --dry-run; ls -d new.order
[exit 2]
stdout 'Would write new.order'
! stdout 'Next:'
$ sallyport deploy review 1.order --policy policy.json --running node
[exit 2]
stderr 'where        --running'
