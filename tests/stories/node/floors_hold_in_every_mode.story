# F02: the floor of the counter is one, by whatever way an older release is brought: ordinary, rehearsed, break-glass, after a rollback, from a bundle.
use ruled
$ for p in bob dave carol; do approval 2 $p; done; installs 2 && rm 1.order && proposal 1 --sequence 7 && for p in bob dave carol; do approval 1 $p; done
> refuses_install 7 counter-rollback 1 && refuses 7 counter-rollback node install $(install_args 1) --dry-run
$ cp 1.csar bg.csar && cp 1.verdict bg.verdict && sallyport deploy propose bg.csar --verdict bg.verdict --policy policy.json --pool pool-1 --as alice \
>   --key file:alice-bg.key --break-glass --reason 'outage' --sequence 8 -o bg.order >/dev/null
> sallyport deploy approve bg.order --policy policy.json --as bob --key file:bob-bg.key >/dev/null && refuses_install 7 counter-rollback bg
# A rollback is no way round: there is nothing to return to that was never here, and none lowers the floor.
$ refuses 7 nothing-to-roll-back node rollback --root node && refuses 7 generation-missing node rollback --root node --to 7 && refuses_install 7 counter-rollback 1 && active
| 2
