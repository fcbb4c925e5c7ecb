# The power is cut while a release is installed: at random moments, and at each step of the switch. The disk has all that it was made to
# keep, and of the rest what luck wants. After that the file system is whole, the node is what it was, or what it became; its books are
# right, the installation can be finished, and the release runs (RO-1).
use services
needs qemu-system-x86_64 qemu-img swtpm debugfs e2fsck root
patience 3000
$ guest start
$ guest run 'sallyport node init --root /var/lib/sallyport --policy policy.json --node node-1 --pool pool-1
> sallyport node install 1.csar --verdict 1.verdict --order 1.order --root /var/lib/sallyport'
$ guest off && mkdir cuts && cp --sparse=always guest/node.img cuts/before.img
$ guest start --write-log
$ guest run 'sallyport node install 2.csar --verdict 2.verdict --order 2.order --root /var/lib/sallyport --json'
json .result.generation 2
$ guest off && mv guest/node.log cuts/as_ever.log

# The same once more, on a file system that is mounted so that whatever a system call changes is on the disk when it returns: no step
# is without a moment of its own.
$ cp --sparse=always cuts/before.img guest/node.img && guest start --write-log
$ guest run 'mount -o remount,sync /var/lib/sallyport
> sallyport node install 2.csar --verdict 2.verdict --order 2.order --root /var/lib/sallyport --json'
json .result.generation 2
$ guest off && mv guest/node.log cuts/each_step.log

$ PATH=$REPO/tools/vm:$PATH; cd cuts
> power_cut random "${POWER_CUTS:-50}" "${POWER_CUTS_SEED:-0}" before.img as_ever.log ../guest/random.img
> power_cut steps '"event":"activating","generation":2' before.img each_step.log ../guest/steps.img; cp "$REPO/tools/vm/after_cut" ..
$ rm -r cuts; guest boot --disk guest/random.img --disk guest/steps.img
$ guest run --seconds 1000 'bash after_cut /dev/vdd $(blockdev --getsize64 /dev/vdc) 2.csar --verdict 2.verdict --order 2.order'
stdout ': generations/1'
stdout ': generations/2'
stdout 'each of them old or new, and whole'
$ guest run --seconds 1000 'bash after_cut /dev/vde $(blockdev --getsize64 /dev/vdc) 2.csar --verdict 2.verdict --order 2.order'
stdout ': generations/1'
stdout ': generations/2'
stdout 'each of them old or new, and whole'
