# The whole way through a web server: officers sign, the server publishes, nginx serves, the node fetches, verifies and installs.
needs root
use repository
$ web_here repo
> syncs --pin first-root.json
stdout 'Order 1: demo 1 is here.'
stdout 'version 1, the one in force here'
$ sallyport node install node/repository/packages/$(sha256sum 1.csar | cut -c-64).csar --root node \
>   --verdict node/repository/verdicts/*.dsse --order node/repository/orders/*.dsse >/dev/null && active
| 1
# What is here is not fetched again, and an order that was used is not offered again.
$ : >web/access.log; syncs
stdout 'There is no order for this node that it has not used.'
$ ! grep -q packages web/access.log
# A second release: only what is new.
$ publish 2 && : >web/access.log && syncs --json
json .result.orders[0].sequence 2
json .result.orders[0].code ""
$ grep -c 'GET /targets/packages' web/access.log
| 1
$ sallyport node install node/repository/packages/$(sha256sum 2.csar | cut -c-64).csar --root node \
>   --verdict $(ls -t node/repository/verdicts/*.dsse | head -1) --order $(ls -t node/repository/orders/*.dsse | head -1) >/dev/null && active
| 2
