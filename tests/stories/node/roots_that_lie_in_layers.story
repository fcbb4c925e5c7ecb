# A container's root is an overlay: a node that came with its image is verified, upgraded, returned to and repaired in the upper
# layer, and the lower one stays as it was. What is changed beneath a running layer is found as anywhere else.
use installed
needs root unshare
$ unshare -m bash layers
| lower: unchanged
| status: 1
| verify: 0
| upgrade: 0, 2
| rollback: 0, 1
| fsck: 0
| lower: unchanged
| altered beneath: 3 generation-damaged
-- layers --
. "$REPO/tests/stories/lib.sh"
mkdir store && mount -t tmpfs none store && mkdir store/upper store/work merged
mv node lower && before=$(state lower)
lower() { [ "$(state lower)" = "$before" ] && echo "lower: unchanged" || echo "lower: changed"; }
mount -t overlay -o lowerdir=lower,upperdir=store/upper,workdir=store/work none merged
ln -s merged node
attempt() { status=0; sallyport node "$@" --json >out 2>&1 || status=$?; code=$(grep -o '"code":"[a-z-]*","kind"' out | cut -d'"' -f4); }
lower
echo "status: $(active)"
attempt verify --root merged; echo "verify: $status"
attempt install 2.csar --verdict 2.verdict --order 2.order --root merged; echo "upgrade: $status, $(active)"
attempt rollback --root merged; echo "rollback: $status, $(active)"
attempt fsck --root merged; echo "fsck: $status"
lower
file=$(cd lower/generations/1/tree && find . -type f -size +0 | sort | head -n 1)
chmod u+w "lower/generations/1/tree/$file" && printf x | dd of="lower/generations/1/tree/$file" conv=notrunc status=none
attempt verify --root merged; echo "altered beneath: $status $code"
