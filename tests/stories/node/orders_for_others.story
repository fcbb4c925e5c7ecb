# F21: an order is for its pool, its nodes and its window, and the node asks for itself.
use installed
$ rm 2.order && proposal 2 --nodes node-2 && approval 2 bob && approval 2 carol && refuses_install 4 order-other-node 2
$ sallyport deploy propose 2.csar --verdict 2.verdict --policy policy.json --pool pool-2 --as alice --key file:alice.key \
>   -o pool.order >/dev/null && cp 2.csar pool.csar && cp 2.verdict pool.verdict && approval pool bob && approval pool carol
> refuses_install 4 order-other-pool pool
# Not yet, and no more (proposed and approved in time).
$ rm 2.order && order 2 --from 2090-01-01T00:00:00Z --until 2090-02-01T00:00:00Z && refuses_install 4 order-not-yet-valid 2
$ rm 2.order && end=$(($(date +%s) + 12)) && proposal 2 --until "$(date -u -d "@$end" +%FT%TZ)" && approval 2 bob && approval 2 carol
> while [ "$(date +%s)" -le $end ]; do sleep 0.2; done; refuses_install 4 order-expired 2
# Another release, or another verdict, than the one that was approved; things that are no order.
$ cp 3.csar other.csar && cp 3.verdict other.verdict && rm 2.order && order 2 && cp 2.order other.order
> refuses_install 3 order-other-package other
$ cp 2.verdict 2.order && refuses_install 3 order-signer-unknown 2
$ echo '{}' >2.order && refuses_install 3 envelope-malformed 2
$ head -c 100000000 /dev/zero >2.order && refuses 3 file-too-large node install $(install_args 2)
$ active
| 1
