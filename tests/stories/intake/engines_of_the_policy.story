# H13: the engines that the policy names have to have looked at every byte, at intake and wherever a verdict counts.
use verdicts
$ edited policy.json 'p["verdicts"]["engines"] = ["clamd", "secrets"]; p["version"] = 2' >wanting.json && clamd_here
> submit() { sallyport intake submit 1.csar --policy wanting.json --key file:intake.key --clamd clamd/clamd.sock "$@"; }
> refuses 4 scan-engine-missing intake submit 1.csar --policy wanting.json --key file:intake.key --clamd clamd/clamd.sock -o none.verdict
> ! test -e none.verdict && submit --secrets -o both.verdict >/dev/null && sallyport verify both.verdict --policy wanting.json
stdout 'scan coverage secrets: 10 files'
# A verdict from before the policy wanted that.
$ sallyport verify 1.verdict --policy policy.json >/dev/null && refuses 4 scan-engine-missing verify 1.verdict --policy wanting.json
> refuses 4 scan-engine-missing deploy propose 1.csar --verdict 1.verdict --policy wanting.json --pool pool-1 --as alice --key file:alice.key -o x.order
$ edited policy.json 'p["verdicts"]["engines"] = []' >none.json && refuses 4 policy-malformed policy check none.json
