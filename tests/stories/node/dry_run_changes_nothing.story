# --dry-run makes every check and says what would be done; the node stays as it is, to the last mode bit.
use installed
$ state node >before && sallyport node install $(install_args 2) --dry-run
stdout 'PASS  approvals'
stdout 'Would do, after these checks:'
$ state node | cmp - before && test ! -e node/incoming
$ tamper flip 2.csar Artifacts/content.pack bad.csar && twin 2 bad
> refuses 3 member-digest-mismatch node install $(install_args bad) --dry-run
$ installs 2 && state node >before && sallyport node rollback --root node --dry-run
stdout 'Would go from generation 2 to 1'
$ state node | cmp - before
$ refuses 7 order-replayed node install $(install_args 2) --dry-run
