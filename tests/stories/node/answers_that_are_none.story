# D21: whatever else than yes or no the library for signatures and digests answers, nothing is accepted, and it is not called a refusal.
use installed
needs root
# The library that lies changes nothing by itself, and the programs of these stories do not listen to it.
$ export LD_PRELOAD="$(dirname "$(command -v sallyport)")/libanswers.so" ASAN_OPTIONS=verify_asan_link_order=0
> sallyport node install $(install_args 2) --dry-run >/dev/null
> ANSWER_OF=EVP_DigestVerify ANSWER=-1 sallyport verify 2.csar --policy policy.json >/dev/null  # asked of statements only
$ bash lies
| package: CMS_SignerInfo_verify -1 2 7 -2147483648, X509_verify_cert -1 2 7 -2147483648
| statements: EVP_DigestVerify -1 2 7 -2147483648, EVP_DigestVerifyInit_ex 0 -1 2
| keys: EVP_PKEY_public_check 0 -1 2
| tampered: CMS_SignerInfo_verify -1 2, EVP_DigestVerify -1 2
| digests: EVP_DigestInit_ex 0 -1 2, EVP_DigestUpdate 0 -1 2, EVP_DigestFinal_ex 0 -1 2, EVP_Digest 0 -1 2
| others: verify, intake show, deploy review, node status, node verify, node fsck, node rollback
$ active && installs 2 && active
| 1
| 2
-- lies --
. "$REPO/tests/stories/lib.sh"
library="$(dirname "$(command -v sallyport)")/libanswers.so"
export ASAN_OPTIONS=verify_asan_link_order=0
# faults WORD FUNCTION ANSWER... N: installing N is a fault with each of these answers, and is told as such.
faults() {
  local function=$1 n=$2 answer
  printf ' %s' "$function"
  for answer in "${@:3}"; do
    printf ' %s' "$answer"
    ANSWER_OF=$function ANSWER=$answer LD_PRELOAD=$library refuses_install 1 internal-error "$n" || exit 1
  done
}
values='-1 2 7 -2147483648'
printf 'package:'; faults CMS_SignerInfo_verify 2 $values; printf ','; faults X509_verify_cert 2 $values; echo
printf 'statements:'; faults EVP_DigestVerify 2 $values; printf ','; faults EVP_DigestVerifyInit_ex 2 0 -1 2; echo
printf 'keys: EVP_PKEY_public_check'
for answer in 0 -1 2; do
  printf ' %s' $answer
  before=$(state node)
  ! ANSWER_OF=EVP_PKEY_public_check ANSWER=$answer LD_PRELOAD=$library sallyport node install $(install_args 2) >out 2>&1 || exit 1
  [ "$(state node)" = "$before" ] || exit 1
done
echo
tamper flip 2.csar signature bad.csar && cp 2.verdict bad.verdict && cp 2.order bad.order
printf 'tampered:'; faults CMS_SignerInfo_verify bad -1 2; printf ','
cp 2.csar bad.csar && tamper payload 2.order bad.order && faults EVP_DigestVerify bad -1 2; echo
printf 'digests:'; faults EVP_DigestInit_ex 2 0 -1 2; printf ','; faults EVP_DigestUpdate 2 0 -1 2; printf ','
faults EVP_DigestFinal_ex 2 0 -1 2; printf ','; faults EVP_Digest 2 0 -1 2; echo
export LD_PRELOAD=$library ANSWER_OF=EVP_Digest ANSWER=0
printf 'others: verify'; refuses 1 internal-error verify 2.csar --policy policy.json
printf ', intake show'; refuses 1 internal-error intake show 2.verdict --policy policy.json
printf ', deploy review'; refuses 1 internal-error deploy review 2.order --package 2.csar --policy policy.json
for command in status verify fsck rollback; do printf ', node %s' $command; refuses 1 internal-error node $command --root node; done
echo
