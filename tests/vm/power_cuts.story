# The power is cut while a release is installed: the disk has all that it was made to keep, and of the rest what luck wants. After
# that the node is what it was, or what it became; its books are whole, and the installation can be finished (RO-1).
use services
needs qemu-system-x86_64 qemu-img swtpm root
patience 6000
$ guest start
$ guest run 'sallyport node init --root /var/lib/sallyport --policy policy.json --node node-1 --pool pool-1'
$ guest run 'sallyport node install 1.csar --verdict 1.verdict --order 1.order --root /var/lib/sallyport'
$ guest off && cp --sparse=always guest/node.img before.img
$ guest start --write-log
$ guest run 'sallyport node install 2.csar --verdict 2.verdict --order 2.order --root /var/lib/sallyport --json'
json .result.generation 2
$ guest off && mv guest/node.log . && bash cuts
stdout 'each of them old or new, and whole'
-- cuts --
. "$REPO/tests/stories/lib.sh"
mv before.img node.log guest/  # a guest is not given what lies there
run() { guest run "export root=/var/lib/sallyport; $1"; }
for seed in $(seq "${POWER_CUTS:-3}"); do
  "$REPO/tools/vm/power_cut" guest/before.img guest/node.log "$((seed + ${POWER_CUTS_SEED:-0}))" guest/node.img
  guest start
  run 'was=$(readlink $root/active); echo "  then: $was"; [[ $was =~ ^generations/[12]$ ]]
    sallyport node fsck --root $root --json >/run/fsck.json || { cat /run/fsck.json; exit 1; }
    sallyport node verify --root $root >/dev/null' || { echo "seed $seed: NOT WHOLE"; exit 1; }
  # It was installed to its end, or it is now.
  run 'status=0; sallyport node install 2.csar --verdict 2.verdict --order 2.order --root $root --json >/run/again.json || status=$?
    [ $status = 0 ] || grep -q order-replayed /run/again.json || { cat /run/again.json; exit 1; }
    [ "$(readlink $root/active)" = generations/2 ] && sallyport node fsck --root $root >/dev/null
    sallyport node stop --root $root >/dev/null' || { echo "seed $seed: NOT FINISHED"; exit 1; }
  guest cut
done
echo "each of them old or new, and whole"
