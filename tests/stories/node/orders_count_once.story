# An order is used once on a node; a later one supersedes the earlier ones; counters never go down.
use upgraded
$ refuses_install 7 order-replayed 1
$ refuses_install 7 order-replayed 2
# G15: not even after a rollback, to have the release again that was left.
$ sallyport node rollback --root node >/dev/null && refuses_install 7 order-replayed 2
# F01, L03: an older release under a new and granted order; the floor is the highest counter that ran.
$ rm 1.order && order 1 --sequence 10 && refuses_install 7 counter-rollback 1
# G14: an order with a lower number than one that was used.
$ cp 3.order low.order && cp 3.csar low.csar && cp 3.verdict low.verdict && rm 3.order && order 3 --sequence 20 && installs 3
$ refuses_install 7 order-superseded low
