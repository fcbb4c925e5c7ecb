# J10: immutable files and folders, and parts of the node that are mounted over: the running release stays, what was begun is
# finished by the same command once the way is free.
use installed
needs root chattr unshare
$ chattr +i node/lock 2>/dev/null || { echo 'this file system has no immutable files' >&2; exit 0; }; chattr -i node/lock
> cp -a node good && for what in journal 'state.a state.b' incoming generations 'objects/*' policy.json node; do
>   rm -rf node && cp -a good node
>   if [ "$what" = incoming ]; then mkdir node/incoming && touch node/incoming/package.csar; fi
>   if [ "$what" = node ]; then targets=node; else targets=$(cd node && echo $what | sed 's|[^ ]*|node/&|g'); fi
>   chattr +i $targets; s=0
>   sallyport node install $(install_args 2) --json >out 2>&1 || s=$?; code=$(grep -o '"code":"[a-z-]*","kind"' out | cut -d'"' -f4 || true)
>   before=$(active); sallyport node verify --root node >/dev/null || code="$code, verify $?"
>   chattr -i $targets; installs 2 || code="$code, and again $?"
>   sallyport node fsck --root node >/dev/null || code="$code, fsck $?"
>   echo "$what: $s $code, $before, then $(active)"
> done >&2
stderr 'journal: 6 permission-missing, 1, then 2'
stderr 'state.a state.b: 6 permission-missing, 1, then 2'
stderr 'incoming: 6 permission-missing, 1, then 2'
stderr 'generations: 6 permission-missing, 1, then 2'
stderr 'objects/*: 6 permission-missing, 1, then 2'
# The pinned policy is only read.
stderr 'policy.json: 0 , and again 7, 2, then 2'
stderr 'node: 6 permission-missing, 1, then 2'
$ unshare -m bash mounted
| objects: 3 store-path-diverted, then 0
| generations: 3 store-path-diverted, then 0
-- mounted --
. "$REPO/tests/stories/lib.sh"
rm -rf good && cp -a node good
for what in objects generations; do
  rm -rf node && cp -a good node
  before=$(state node)
  mount --bind node/$what node/$what && mount -o remount,ro,bind node/$what
  status=0 again=0
  sallyport node install $(install_args 3) --json >out 2>&1 || status=$?
  umount node/$what
  [ "$(readlink node/active)" = "$(readlink good/active)" ] || echo "another is active"
  installs 3 || again=$?
  echo "$what: $status $(grep -o '"code":"[a-z-]*","kind"' out | cut -d'"' -f4), then $again"
done
