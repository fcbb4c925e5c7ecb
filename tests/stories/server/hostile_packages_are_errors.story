# What intake refuses is ERROR, with the very code that `sallyport intake submit` gives; without a scanner there is no verdict, and nothing is lost.
use server
$ clamd_here && server_config "$(free_port)" >sallyportd.json && server_here
# A06: no signature. A01: another byte. H01: malware.
$ sallyport package build --from tree --name demo --version 4 --product demo --counter 4 -o unsigned.csar >/dev/null && settled "$(uploaded unsigned.csar)"
stdout '"onboardingState":"ERROR","operationalState":"DISABLED"'
stdout 'urn:sallyport:problem:signature-missing'
$ cp 1.csar bad.csar && printf X | dd of=bad.csar bs=1 seek=5000 conv=notrunc 2>/dev/null && settled "$(uploaded bad.csar)" >shown && ! refuses 3 none intake submit bad.csar --policy policy.json --key file:intake.key --clamd clamd/clamd.sock -o bad.verdict >/dev/null
$ code=$(sed 's/.*"error":{"code":"\([^"]*\)".*/\1/' refusal.json) && grep -c "urn:sallyport:problem:$code\"" shown
| 1
$ mkdir evil && cp -r tree/. evil/ && "$REPO/tools/demo/hide_eicar" evil/bin/game >/dev/null 2>&1 || printf 'X5O!P%%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*' >evil/bin/game
> package 5 evil 5 && settled "$(uploaded 5.csar)" | tee shown | grep -o 'urn:sallyport:problem:malware-found' && id=$(sed 's/^{"id":"\([^"]*\)".*/\1/' shown) && api 200 auditor GET "/api/v1/packages/$id/verdict" >5.verdict && sallyport intake show 5.verdict --policy policy.json
stdout 'urn:sallyport:problem:malware-found'
stdout 'not-clean'
# No scanner: PROCESSING, for as long as it takes.
$ clamd_gone && rm -rf clamd && uploaded 1.csar >id && sleep 3 && api 200 vendor GET "/vnfpkgm/v2/vnf_packages/$(cat id)"
stdout '"onboardingState":"PROCESSING"'
$ grep -c '"action":"INTAKE".*"outcome":"fault","code":"scanner-unreachable"' server/audit/security.jsonl
| 1
$ clamd_here && settled "$(cat id)"
stdout '"onboardingState":"ONBOARDED"'
