# D21: a library that begins to fail in the middle is a fault wherever it happens; what ran runs, and the work is finished later.
use installed
needs root
$ export ASAN_OPTIONS=verify_asan_link_order=0; cp -a node good && bash sweep
| EVP_DigestInit_ex EVP_DigestUpdate EVP_DigestFinal_ex EVP_Digest
$ cat installed-at-last
| yes
-- sweep --
. "$REPO/tests/stories/lib.sh"
library="$(dirname "$(command -v sallyport)")/libanswers.so"
# fails_from FUNCTION N: installing 2 is a fault (exit 0: it was done before the N-th call); the retry ends well.
fails_from() {
  local status=0 events
  rm -r node && cp -a good node
  events=$(wc -l <node/events.jsonl)
  ANSWER_OF=$1 ANSWER=0 ANSWER_FROM=$2 LD_PRELOAD=$library sallyport node install $(install_args 2) --json >out 2>err || status=$?
  [ $status != 0 ] || return 0
  [ $status = 1 ] && grep -q '"code":"internal-error","kind":"fault"' out || return 1
  [ "$(wc -l <node/events.jsonl)" = $((events + 1)) ] && tail -n 1 node/events.jsonl | grep -q '"code":"internal-error"' || return 1
  case $(active) in
    1) sallyport node install $(install_args 2) >out 2>err || return 1 ;;
    2) refuses_install 7 order-replayed 2 || return 1 ;;  # it failed behind the record that confirms
    *) return 1 ;;
  esac
  [ "$(active)" = 2 ] && sallyport node fsck --root node >out || return 1
  return 10
}
separator=''
for function in EVP_DigestInit_ex EVP_DigestUpdate EVP_DigestFinal_ex EVP_Digest; do
  printf '%s%s' "$separator" $function
  separator=' '
  n=1 step=1 answer=10
  while [ $answer = 10 ]; do
    answer=0; fails_from $function $n || answer=$?
    if [ $answer = 1 ]; then echo " from $n"; cat out err; tail -n 1 node/events.jsonl; exit 1; fi
    n=$((n + step)) step=$((step + 3))
  done
done
echo
if [ "$(active)" = 2 ]; then echo yes >installed-at-last; fi
