# J10, K13: a disk that is full or read-only changes nothing that runs, and with room the same command finishes.
use installed
needs unshare root
$ unshare -m bash full_disk
| disk-full: 1
| 1 runs, looked at
| again, disk-full: 1
| 1 runs, looked at
| with room: 0
| 3 runs, looked at
$ unshare -m bash read_only_disk
| 1
-- full_disk --
set -eu
. "$REPO/tests/stories/lib.sh"
stands() { echo "$(active) runs, $(sallyport node history --root node >/dev/null && echo looked at)"; }
mkdir small && mount -t tmpfs -o size=20m none small && cp -a node small/ && cp ./*.csar ./*.verdict ./*.order small/ && cd small
mount -o "remount,size=$(($(df --output=used . | tail -n 1) + 30))k" .
sallyport node install $(install_args 3) >/dev/null 2>err || status=$?
echo "$(grep -o 'disk-full' err | head -n 1): $status"
stands
sallyport node install $(install_args 3) >/dev/null 2>err || status=$?
echo "again, $(grep -o 'disk-full' err | head -n 1): $status"
stands
mount -o remount,size=20m .
sallyport node install $(install_args 3) >/dev/null && echo "with room: 0"
stands
sallyport node fsck --root node >/dev/null
-- read_only_disk --
set -eu
. "$REPO/tests/stories/lib.sh"
mount --bind node node && mount -o remount,ro,bind node
state node >before
! sallyport node install $(install_args 2) >/dev/null 2>&1
state node | cmp - before
active
