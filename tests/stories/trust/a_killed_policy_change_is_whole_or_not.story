# F06: killed at each of its file-changing system calls, a change of the policy has happened or has not; the next command ends it.
use ruled
needs strace
$ edited policy.json 'p["version"] = 2' >two.json && for p in alice carol; do officer_approves two.json$([ $p = alice ] || echo .signed) $p; done
> for p in bob dave carol; do approval 1 $p; done; installs 1 && cp -a node good && bash killed
| both were seen
-- killed --
. "$REPO/tests/stories/lib.sh"
touch seen
for call in mkdirat write fchmod renameat fsync; do
  n=0 killed=yes
  while [ $killed ]; do
    n=$((n + 1)) killed=''
    rm -r node && cp -a good node
    strace -qq -f -o /dev/null -e "inject=$call:signal=KILL:when=$n" sallyport node policy two.json.signed --root node >/dev/null 2>&1 || killed=yes
    sallyport node status --root node --json >status.json || { echo "status after $call $n"; exit 1; }
    sallyport node fsck --root node >fsck.txt || { echo "fsck after $call $n"; cat fsck.txt; exit 1; }
    grep -o '"policy_version":[12]' status.json >>seen
    retried=0; sallyport node policy two.json.signed --root node >/dev/null 2>&1 || retried=$?
    if [ $retried != 0 ] && [ $retried != 7 ]; then echo "retry after $call $n: exit $retried"; exit 1; fi
    cmp node/policy.json two.json || exit 1
    if [ $n -gt 60 ]; then echo "no end of $call"; exit 1; fi
  done
done
if [ "$(sort -u seen | wc -l)" = 2 ]; then echo 'both were seen'; fi
