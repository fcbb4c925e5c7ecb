# --dry-run of what changes a repository, and of what a node takes from one: every check, and not a byte here nor a package fetched.
needs root
use repository
$ rehearses deploy publish --repository repo --key file:server.key --package 2.csar --verdict 2.verdict --order 2.order
json .result.snapshot 2
json .result.deliveries 2
$ refuses 3 order-other-verdict deploy publish --repository repo --key file:server.key --verdict 1.verdict --order 2.order --dry-run
$ rehearses policy sign policy.json --repository repo --key file:officer-3.key
json .result.staged[0].name "targets"
$ rehearses policy sign policy.json --repository new --key file:officer-1.key --officer officer-1.key.pub --threshold 1 --online server.key.pub
json .result.staged[0].name "root"
$ refuses 2 file-missing policy sign policy.json --repository no/where --key file:officer-1.key --dry-run
# A node: the order is read and verified, its package only looked up.
$ web_here repo && rehearses node sync "$(cat url)" --root node --pin first-root.json
json .result.orders[0].release "demo 1"
json .result.orders[0].code ""
$ grep -c 'GET /targets/orders/' web/access.log && ! grep -E 'packages|POST|PUT' web/access.log
| 1
$ sallyport node sync "$(cat url)" --root node --pin first-root.json --dry-run
stdout 'REHEARSAL (--dry-run): nothing was changed; what would be:'
! stdout 'Next:'
$ syncs --pin first-root.json >/dev/null && publish 2 && rm repo/targets/packages/*"$(sha256sum 2.csar | cut -c-64)"*
> rehearses node sync "$(cat url)" --root node
json .result.orders[1].release "demo 2"
$ mv repo genuine && first_root 1 server-2 officer-4 && publish '' server-2 && refuses 3 tuf-signatures-missing node sync "$(cat url)" --root node --dry-run
$ sallyport bundle export --repository repo -o theirs.bundle >/dev/null && rm -r repo && mv genuine repo
> refuses 3 tuf-signatures-missing bundle import theirs.bundle --root node --dry-run
$ cp 2.csar "repo/targets/packages/$(sha256sum 2.csar | cut -c-64).$(sha256sum 2.csar | cut -c-64).csar"
> sallyport bundle export --repository repo -o site.bundle >/dev/null && rehearses bundle import site.bundle --root node
json .result.orders[1].release "demo 2"
