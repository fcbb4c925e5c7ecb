# D19: a policy asks for classical AND post-quantum signatures; either alone is nobody's. Where the library has no ML-DSA, what another
# machine made is a fault and no refusal, and what was stripped is refused all the same: each library has its script, and neither is left out.
use packages
needs clamd
needs root
$ sallyport policy show "$REPO/tests/vectors/hybrid/policy.json"
stdout 'statements: classical and post-quantum, packages: classical and post-quantum'
# Release 1 has a classical signature alone, which any library sees.
$ refuses 3 signer-unknown verify 1.csar --policy "$REPO/tests/vectors/hybrid/policy.json"
$ grep -o '"code":"signature-kind-missing"' refusal.json
| "code":"signature-kind-missing"
$ if openssl list -signature-algorithms | grep -q ML-DSA-65; then bash with_ml_dsa; else bash without_ml_dsa; fi
| everything was as this library allows
-- without_ml_dsa --
. "$REPO/tests/stories/lib.sh"
set -e
made="$REPO/tests/vectors/hybrid" at='--at 2026-11-26T12:00:00Z'
refuses 1 algorithm-unavailable key create --type ml-dsa-65 -o alice-pq.key
[ ! -e alice-pq.key ] && [ ! -e alice-pq.key.pub ]
{ sallyport doctor || true; } | grep -q '^  no   ML-DSA '
for file in 1.csar 2.csar 1.verdict 1.order; do
  # shellcheck disable=SC2086
  refuses 1 algorithm-unavailable verify "$made/$file" --policy "$made/policy.json" $at
done
refuses 1 algorithm-unavailable node init --root node --policy "$made/policy.json" --node node-1 --pool pool-1
[ ! -e node ]
# An intake that signs by one key, of packages that need two.
edited "$made/policy.json" 'del p["signatures"]["statements"]; p["intakes"] = [{"id": "intake-1", "key": open("intake.key.pub").read()}]' >half.json
clamd_here
refuses 1 algorithm-unavailable intake submit "$made/1.csar" --policy half.json --key file:intake.key --clamd clamd/clamd.sock -o 1.verdict
clamd_gone
[ ! -e 1.verdict ]
echo 'everything was as this library allows'
-- with_ml_dsa --
. "$REPO/tests/stories/lib.sh"
set -e
made="$REPO/tests/vectors/hybrid"
for file in 1.csar 2.csar 1.verdict 1.order; do
  sallyport verify "$made/$file" --policy "$made/policy.json" --at 2026-11-26T12:00:00Z >/dev/null
done

{ sallyport doctor || true; } | grep -q '^  yes  ML-DSA '

# The same operator, with a second key for everybody.
for name in release alice bob carol dave intake; do sallyport key create --type ml-dsa-65 -o $name-pq.key >/dev/null; done
openssl req -x509 -newkey ML-DSA-87 -nodes -keyout pq-ca.key -out pq-ca.pem -subj '/CN=acme pq root' -days 30 2>/dev/null
sallyport key csr --key file:release-pq.key --cn 'acme pq release' -o release-pq.csr >/dev/null
printf 'keyUsage=critical,digitalSignature\nextendedKeyUsage=codeSigning\n' >ext
openssl x509 -req -in release-pq.csr -CA pq-ca.pem -CAkey pq-ca.key -days 20 -out release-pq.pem -extfile ext 2>/dev/null
cat acme-ca.pem pq-ca.pem >anchors.pem
rm policy.json
sallyport policy init --hybrid --name 'Operator X' --source acme:demo:anchors.pem --person alice:operations:alice.key.pub,alice-pq.key.pub \
  --person bob:operations:bob.key.pub,bob-pq.key.pub --person carol:security:carol.key.pub,carol-pq.key.pub \
  --intake intake-1:intake.key.pub,intake-pq.key.pub --pool pool-1:demo:node-1 --approvals 2 -o policy.json >/dev/null

# The package: the second signature stands behind the first, is listed like it, and OpenSSL reads it alone.
refuses 4 signature-kind-missing verify 1.csar --policy policy.json
cp 1.csar one-signature.csar
sallyport package sign 1.csar --key file:release-pq.key --cert release-pq.pem >/dev/null
sallyport verify 1.csar --policy policy.json >checks.txt
[ "$(grep -c 'signature .*CN=acme' checks.txt)" = 2 ] || { cat checks.txt; exit 1; }
unzip -p 1.csar demo.mf >demo.mf
sed '/^-----BEGIN CMS-----$/,$d' demo.mf >octets
sed -n '/BEGIN POST-QUANTUM CMS/,/END POST-QUANTUM CMS/p' demo.mf | sed 's/POST-QUANTUM //' >pq.cms
openssl cms -verify -binary -inform PEM -in pq.cms -content octets -CAfile pq-ca.pem -purpose any -out verified 2>openssl.err || { cat openssl.err; exit 1; }
cmp octets verified
# Signed again by either key, it keeps the signature of the other.
sallyport package sign 1.csar --key file:release.key --cert release.pem >/dev/null
sallyport package sign 1.csar --key file:release-pq.key --cert release-pq.pem >/dev/null
sallyport verify 1.csar --policy policy.json >/dev/null

# Intake and proposer need both keys; approvers may come back with the second.
clamd_here
refuses 4 signature-kind-missing intake submit 1.csar --policy policy.json --key file:intake.key --clamd clamd/clamd.sock -o 1.verdict
refuses 3 signature-kind-unexpected intake submit 1.csar --policy policy.json --key file:intake.key --key file:intake.key \
  --clamd clamd/clamd.sock -o 1.verdict
sallyport intake submit 1.csar --policy policy.json --key file:intake.key --key file:intake-pq.key --clamd clamd/clamd.sock -o 1.verdict >/dev/null
clamd_gone
proposal 1
sallyport node init --root node --policy policy.json --node node-1 --pool pool-1 >/dev/null
for name in bob carol; do approval 1 $name; done
refuses_install 4 signature-kind-missing 1
sallyport deploy approve 1.order --policy policy.json --as alice --key file:alice-pq.key >/dev/null
refuses_install 4 approvals-missing 1
refuses 4 approver-counted-twice deploy approve 1.order --policy policy.json --as bob --key file:bob.key
sallyport deploy approve 1.order --policy policy.json --as bob --key file:bob-pq.key >standing.txt
grep -q 'carol by now: classical' standing.txt || { cat standing.txt; exit 1; }
refuses_install 4 approvals-missing 1
sallyport deploy approve 1.order --policy policy.json --as carol --key file:carol-pq.key >/dev/null

# What a server could leave out: the signatures of one kind, of the order, of the verdict and of the package.
keep() {
  python3 -c '
import base64, json, sys
e = json.load(open(sys.argv[1]))
e["signatures"] = [s for s in e["signatures"] if (len(base64.b64decode(s["sig"])) > 1000) == (sys.argv[2] == "post-quantum")]
print(json.dumps(e, separators=(",", ":")))' "$1" "$2"
}
for kind in classical post-quantum; do
  cp 1.csar stripped.csar; cp 1.verdict stripped.verdict; keep 1.order $kind >stripped.order
  refuses_install 4 signature-kind-missing stripped
  cp 1.order stripped.order; keep 1.verdict $kind >stripped.verdict
  refuses_install 4 signature-kind-missing stripped
done
cp 1.verdict stripped.verdict; cp one-signature.csar stripped.csar
refuses_install 4 signature-kind-missing stripped

# With all of them it is installed, and what the node keeps proves it again.
installs 1
[ "$(active)" = 1 ]
sallyport node verify --root node >/dev/null
sallyport node fsck --root node >/dev/null

# Evidence under such a policy: every case holds, and the one about malware signs with as many keys as the policy has kinds.
cp -r tree infected && "$REPO/tools/demo/hide_eicar" infected/tools.tar.gz && package infected infected 9
sallyport package sign infected.csar --key file:release-pq.key --cert release-pq.pem >/dev/null
clamd_here
run_evidence() {
  sallyport evidence run --root node -o "$1" --clamd clamd/clamd.sock --malware-package infected.csar "${@:2}" >"$1.txt" || { cat "$1.txt"; exit 1; }
}
run_evidence evidence --intake-key file:intake.key --intake-key file:intake-pq.key
grep -q '^PASS  *RAV.malware-not-clean' evidence.txt && grep -q ' 0 failed' evidence.txt || { cat evidence.txt; exit 1; }
run_evidence half --intake-key file:intake.key
grep -A1 '^NOT RUN  *RAV.malware-not-clean' half.txt | grep -q 'classical and post-quantum' || { cat half.txt; exit 1; }
clamd_gone
echo 'everything was as this library allows'
