# A package goes the way of ETSI SOL005 to ONBOARDED; its content comes back as it was, in ranges too, and its verdict is one that an order can rest on.
use server
$ clamd_here && server_config "$(free_port)" >sallyportd.json && sallyportd --config sallyportd.json --check
stdout 'The configuration can be used.'
$ server_here && api 201 vendor POST /vnfpkgm/v2/vnf_packages -H 'Content-Type: application/json' -d '{"userDefinedData":{"ticket":"CR-1"}}'
stdout '"onboardingState":"CREATED","operationalState":"DISABLED","usageState":"NOT_IN_USE","userDefinedData":{"ticket":"CR-1"}'
$ grep -i -c '^version: 2.0.0' api.head && grep -i -c '^location: /vnfpkgm/v2/vnf_packages/' api.head
| 1
| 1
$ uploaded 1.csar >id && settled "$(cat id)"
stdout '"vnfProvider":"acme"'
stdout '"packageSecurityOption":"OPTION_1","onboardingState":"ONBOARDED","operationalState":"ENABLED","usageState":"NOT_IN_USE"'
$ api 200 node-1 GET "/vnfpkgm/v2/vnf_packages/$(cat id)/package_content" >back.csar && cmp 1.csar back.csar
$ api 206 node-1 GET "/vnfpkgm/v2/vnf_packages/$(cat id)/package_content" -r 100-299 >part && cmp <(tail -c +101 1.csar | head -c 200) part
$ api 200 node-1 GET "/api/v1/packages/$(cat id)/verdict" >1.verdict && sallyport verify 1.verdict --policy policy.json
stdout 'scan coverage clamd: 10 files'
# Found by what it is, and with what was asked for only.
$ api 200 vendor GET '/vnfpkgm/v2/vnf_packages?filter=(eq,onboardingState,ONBOARDED)&fields=vnfProductName' >list && python3 -c 'import json; print([sorted(p) for p in json.load(open("list"))])'
| [['_links', 'id', 'onboardingState', 'operationalState', 'usageState', 'vnfProductName']]
$ stat -c %a server/server.db*
| 600
| 600
| 600
# Only what is disabled is deleted; a stale If-Match changes nothing.
$ api 409 vendor DELETE "/vnfpkgm/v2/vnf_packages/$(cat id)"
stdout 'urn:sallyport:problem:state-conflict'
$ api 412 vendor PATCH "/vnfpkgm/v2/vnf_packages/$(cat id)" -H 'Content-Type: application/json' -H 'If-Match: "1"' -d '{"operationalState":"DISABLED"}'
$ api 200 vendor PATCH "/vnfpkgm/v2/vnf_packages/$(cat id)" -H 'Content-Type: application/json' -d '{"operationalState":"DISABLED"}'
stdout '{"operationalState":"DISABLED"}'
$ api 204 vendor DELETE "/vnfpkgm/v2/vnf_packages/$(cat id)" && api 404 vendor GET "/vnfpkgm/v2/vnf_packages/$(cat id)" && find server/data -type f
stdout 'urn:sallyport:problem:not-found'
! stdout 'csar'
$ server_gone && cat server.err | tail -n 1
stdout 'sallyportd: https://127.0.0.1:'
$ tail -n 1 server/audit/security.jsonl
stdout '"action":"STOP","object":"","outcome":"success"'
