# J10: what cannot be taken away is told and tried again; the release that is installed runs all the same.
use upgraded
needs root chattr
$ chattr +i node/generations/1/tree/release 2>/dev/null || { echo 'this file system has no immutable files' && exit 0; }
> s=0; sallyport node install $(install_args 3) >out || s=$?; sallyport node fsck --root node >fsck || s=$?
> active; sallyport node rollback --root node >/dev/null; active; chattr -i node/generations/1/tree/release
> grep -c 'NOT COLLECTED  permission-missing  generations/1/tree/release' out; grep -c 'note .*collected, generation 1' fsck
> sallyport node rollback --root node --to 3 >/dev/null && ls node/generations/1 | wc -l && sallyport node fsck --root node >/dev/null
> exit $s
| 3
| 2
| 1
| 1
| 4
