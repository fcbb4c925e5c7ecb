# N14: what cannot be shown because the papers are out of date, the signer is revoked or the release is recalled did not run; a node that
# works has no test that failed. What is checked before that is shown all the same.
use packages
needs root
needs clamd
needs faketime
$ edited policy.json 'p["verdicts"]["verdict_age_days_max"] = 5' >short.json && mv short.json policy.json
> clamd_here && verdict 1 && verdict 2 && clamd_gone
> sallyport node init --root node --policy policy.json --node node-1 --pool pool-1 >/dev/null
# Three approvals where two are enough: one less is still enough, two less are not.
> for n in 1 2; do order $n --sequence $n; approval $n dave; installs $n || exit; done && cp -a node kept
$ sallyport evidence run --root node -o today >today.txt && ! grep '^FAIL' today.txt && grep -c '^PASS     RX-1.one-approval-short' today.txt
| 1
# An old verdict: the tests of packages and verdicts run, those of orders do not.
$ faketime -f +6d sallyport evidence run --root node -o stale >stale.txt && ! grep '^FAIL' stale.txt
> grep -A1 '^NOT RUN  RX-1.one-approval-short' stale.txt
stdout 'refused today before that, untampered: verdict-stale: verdict.time: no older than 5 days at'
$ grep -c '^PASS     RTC-a' stale.txt && grep -c '^PASS     RAV.verdict-flipped' stale.txt && sallyport evidence verify stale --key node/node.pub >/dev/null
| 4
| 1
# An expired certificate: what is found by the manifest's signature runs, the rest does not.
$ faketime -f +22d sallyport evidence run --root node -o expired >expired.txt && ! grep '^FAIL' expired.txt
> grep -A1 '^NOT RUN  RTC-a.install.payload-flipped' expired.txt
stdout 'certificate-expired'
$ grep -c '^PASS     R.-..*[.]\(manifest-flipped\|signature-flipped\|unsigned\|unknown-signer\)' expired.txt && grep '^PASS     RI-1' expired.txt
stdout '8'
stdout 'RI-1.install'
stdout 'RI-1.upgrade'
# A revoked signer: the node knows the list, a laboratory node does not.
$ lists acme && revoke acme release keyCompromise && crl acme >acme.crl && sallyport node crl acme.crl --root node >/dev/null
> sallyport evidence run --root node -o revoked >revoked.txt && ! grep '^FAIL' revoked.txt
> grep -A1 '^NOT RUN  RTC-a.upgrade.tree-flipped' revoked.txt && grep '^PASS     RTC-' revoked.txt
stdout 'certificate-revoked'
stdout 'PASS     RTC-a.install.tree-flipped'
stdout 'PASS     RTC-b.upgrade-1'
# A release that was recalled.
$ rm -r node && mv kept node && printf '%s:%s:Evil\n' "$(md5sum <node/generations/2/tree/release | cut -c 1-32)" "$(stat -c %s node/generations/2/tree/release)" >evil.hdb
> sed 's/^echo "Eicar-Test-Signature:.*/&\ncp evil.hdb "$dir\/database\/"/' "$REPO/tools/demo/clamd" >knowing_clamd && chmod +x knowing_clamd
> (./knowing_clamd "$PWD/clamd" >/dev/null 2>&1 & echo $! >clamd.pid) && for _ in $(seq 200); do if [ -S clamd/clamd.sock ]; then break; fi; sleep 0.05; done
> refuses 3 malware-found intake submit 2.csar --policy policy.json --key file:intake.key --clamd clamd/clamd.sock -o hit.verdict && clamd_gone
> sallyport recall propose --verdict hit.verdict --policy policy.json --pool pool-1 --as alice --key file:alice.key -o r.recall >/dev/null
> for p in bob carol; do sallyport recall approve r.recall --policy policy.json --as $p --key file:$p.key >/dev/null || exit; done
> sallyport node recall r.recall --root node >/dev/null; sallyport evidence run --root node -o recalled >recalled.txt && ! grep '^FAIL' recalled.txt
> grep -A1 '^NOT RUN  RAV.verdict-flipped' recalled.txt && grep '^PASS     RTC-a.upgrade' recalled.txt
stdout 'content-recalled: the release is recalled'
stdout 'RTC-a.upgrade.payload-flipped'
