# J09: a file system that cannot hold the store is refused when the node is made, by what it lacks; nothing is left that looks like a node.
use verdicts
needs root strace unshare
$ for lack in 'linkat:error=EPERM' 'linkat:error=EOPNOTSUPP' 'symlinkat:error=EPERM' 'fchmod:retval=0' 'fchmod:error=EPERM' 'openat2:error=ENOSYS'; do
>   s=0; strace -qq -f -o /dev/null -e "inject=$lack" sallyport node init --root made --policy policy.json --node node-1 --pool pool-1 --json >out 2>&1 || s=$?
>   echo "$s $(grep -o '"code":"[a-z-]*"' out) $(grep -o '"expected":"[^"]*"' out)"; test ! -e made/node.json && rm -r made
> done
| 1 "code":"not-supported" "expected":"a file system with hard links"
| 1 "code":"not-supported" "expected":"a file system with hard links"
| 1 "code":"not-supported" "expected":"a file system with symbolic links"
| 1 "code":"not-supported" "expected":"a file system with file modes that last"
| 1 "code":"not-supported" "expected":"a file system with file modes"
| 1 "code":"not-supported" "expected":"Linux 5.6 or later"
# Too few inodes: for the node itself, and for a release; with more of them the same commands finish.
$ unshare -m bash inodes
| init: 1 disk-full
| init: 0
| install: 1 disk-full
| install: 0
-- inodes --
. "$REPO/tests/stories/lib.sh"
for n in 1; do order $n --sequence $n; done
mkdir small && mount -t tmpfs -o size=20m,nr_inodes=100 none small
attempt() { status=0; sallyport "$@" --json >out 2>&1 || status=$?; echo "$2: $status$(grep -o '"code":"[a-z-]*"' out | sed 's/.*:"/ /; s/"//')"; }
attempt node init --root small/node --policy policy.json --node node-1 --pool pool-1
[ ! -e small/node/node.json ] || exit 1
mount -o remount,nr_inodes=310 small
attempt node init --root small/node --policy policy.json --node node-1 --pool pool-1
mount -o "remount,nr_inodes=$(($(df --output=iused small | tail -n 1) + 12))" small
ln -s small/node node
attempt node install 1.csar --verdict 1.verdict --order 1.order --root small/node
mount -o remount,nr_inodes=1000 small
attempt node install 1.csar --verdict 1.verdict --order 1.order --root small/node
sallyport node fsck --root small/node >/dev/null
