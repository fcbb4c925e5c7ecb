# What was found out is told where it cannot be recorded: a good verdict ends as the fault that it is, a bad one stays bad.
use upgraded
needs unshare root
$ unshare -m bash full
| sound: 1, disk-full, Generation 2 is what the vendor signed: 3 files
| clean: 1, disk-full, Clean: 4 objects
| damaged: 3, generation-damaged
| effect: it could not be written into the event log (disk-full)
| damaged: 3, generation-damaged
-- full --
set -eu
. "$REPO/tests/stories/lib.sh"
mkdir small && mount -t tmpfs -o size=20m none small && cp -a node small/ && cd small
fill() { dd if=/dev/zero of=filler bs=4k 2>/dev/null || true; }
tell() { echo "$1: $status, $(grep -oE '(FAULT|REFUSED)  [a-z-]+' ../err | cut -d' ' -f3)$(grep -oE "(Generation|Clean).*(files|objects)" ../out | sed 's/, [0-9]* gen.*//; s/^/, /' || true)"; }
attempt() { status=0; sallyport node "$1" --root node >../out 2>../err || status=$?; }
fill
attempt verify && tell sound
attempt fsck && tell clean
rm filler && printf x >>node/generations/2/tree/etc/demo.conf && fill
attempt verify && tell damaged
grep -o 'effect.*' ../err | sed 's/ \+/ /; s/^effect/effect:/; s/nothing changed; //'
attempt fsck && tell damaged
