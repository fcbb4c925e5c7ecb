# RO-1: the update mechanism and its management are trustworthy and robust.
use installed
# Management: what controls the checks is pinned, belongs to root alone, and a change of it stops everything.
$ stat -c '%a %U %n' node node/policy.json node/node.json node/node.key node/journal node/state.a node/state.b
| 700 root node
| 600 root node/policy.json
| 600 root node/node.json
| 600 root node/node.key
| 600 root node/journal
| 600 root node/state.a
| 600 root node/state.b
$ cp -a node node.good && sed -i 's/"persons": 2/"persons": 1/' node/policy.json
> refuses_install 3 trust-file-damaged 2
$ refuses 3 trust-file-damaged node fsck --root node
$ rm -r node && cp -a node.good node

# Robust: killed at any moment, the node runs the old or the new release, and the same command finishes the work.
$ for tenth in 0 1 2 3 4 5; do
>   rm -rf node && cp -a node.good node
>   sallyport node install $(install_args 2) >/dev/null 2>&1 & sleep 0.0$tenth; kill -KILL $! 2>/dev/null || true; wait $! 2>/dev/null || true
>   case $(active) in 1 | 2) ;; *) exit 1 ;; esac
>   sallyport node install $(install_args 2) >retry.log 2>&1 || test "$(active)" = 2 || { cat retry.log node/journal; exit 1; }
>   sallyport node fsck --root node >/dev/null
>   test "$(active)" = 2
> done
# The way back stays open.
$ sallyport node rollback --root node >/dev/null && active
| 1
