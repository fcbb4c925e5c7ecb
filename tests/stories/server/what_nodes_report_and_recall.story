# Nodes bring signed reports of what they run; a recall is proposed, approved and fetched over the API, and what runs is in use.
needs root
use node
use server
$ clamd_here && server_config "$(free_port)" "[a.update(node_key=open('node/node.pub').read()) for a in s['accounts'] if a['name'] == 'node-1']" >sallyportd.json && server_here
$ uploaded 1.csar >id && settled "$(cat id)" | grep -o '"usageState":"[A-Z_]*"'
| "usageState":"NOT_IN_USE"
$ installs 1 && sallyport node report --root node -o r.dsse
stdout 'active'
stdout 'demo 1, package '
$ put() { api "$1" "$2" PUT "/api/v1/nodes/$3/report" -H 'Content-Type: application/json' --data-binary "@$4"; }; declare -f put >put.sh
$ . ./put.sh; put 403 node-1 node-2 r.dsse && put 403 alice-web node-1 r.dsse && put 204 node-1 node-1 r.dsse && api 200 auditor GET /api/v1/nodes/node-1
stdout '"signature":"verified","key":"'
stdout '"use":"active","package":"'
stdout '"old":false'
$ api 200 vendor GET "/vnfpkgm/v2/vnf_packages/$(cat id)" | grep -o '"usageState":"[A-Z_]*"'
| "usageState":"IN_USE"
$ api 200 auditor GET /api/v1/nodes/node-1/report >fetched.dsse && sallyport verify fetched.dsse --policy policy.json --key node/node.pub && sallyport inspect fetched.dsse >/dev/null
stdout 'is a genuine node report'
stdout 'active: demo 1, package '
$ refuses 3 signature-invalid verify fetched.dsse --policy policy.json --key alice.key.pub && refuses 2 usage-error verify fetched.dsse --policy policy.json
# Another key's word, and another time's.
$ . ./put.sh; cp -a node other && python3 -c '
> import base64, json
> e = json.load(open("r.dsse"))
> p = base64.b64decode(e["payload"]).replace(b"\"gate\":\"none\"", b"\"gate\":\"enforce\"")
> assert b"enforce" in p
> e["payload"] = base64.b64encode(p).decode()
> open("forged.dsse", "w").write(json.dumps(e, separators=(",", ":")) + "\n")' && put 422 node-1 node-1 forged.dsse
stdout 'urn:sallyport:problem:signature-invalid'
$ . ./put.sh; sleep 1.1; cp r.dsse old.dsse && sallyport node report --root node -o r.dsse >/dev/null && put 204 node-1 node-1 r.dsse && put 409 node-1 node-1 old.dsse
stdout 'urn:sallyport:problem:state-conflict'
# The next database knows a content of the release that runs: the package says so, and nothing else happens.
$ clamd_gone && rm -r clamd && sed 's/^echo "Eicar-Test-Signature:.*/&\necho "Old-Release:0:*:72656c6561736520310a" >>"$dir\/database\/sallyport.ndb"/' \
>   "$REPO/tools/demo/clamd" >knowing_clamd && chmod +x knowing_clamd && (./knowing_clamd "$PWD/clamd" >/dev/null 2>&1 & echo $! >clamd.pid)
$ for _ in $(seq 900); do if [[ $(api 200 vendor GET "/vnfpkgm/v2/vnf_packages/$(cat id)") = *x-sallyport-finding* ]]; then break; fi; sleep 0.1; done; api 200 vendor GET "/vnfpkgm/v2/vnf_packages/$(cat id)"
stdout '"onboardingState":"ONBOARDED","operationalState":"ENABLED"'
stdout '"x-sallyport-finding":{"type":"urn:sallyport:problem:malware-found"'
$ api 200 alice-web GET /api/v1/recalls
stdout '{"recalls":[],"last":0,"found":[{"vnfPkgId":"'
stdout '"nodes":["node-1"]}'
$ api 200 auditor GET /metrics | grep rescans
stdout 'sallyport_server_rescans_total{outcome="found"} 1'
# From its verdict a person proposes the recall; the same persons approve as of an order.
$ api 200 alice-web GET "/api/v1/packages/$(cat id)/rescan" >hit.verdict && sallyport recall propose --verdict hit.verdict --policy policy.json --pool pool-1 --as alice --key file:alice.key -o r.recall >/dev/null
$ python3 -c 'import base64, hashlib, json; print(hashlib.sha256(base64.b64decode(json.load(open("r.recall"))["payload"])).hexdigest())' >d
$ send() { api "$1" "$2" "$3" "/api/v1/recalls/$(cat d)$4" -H 'Content-Type: application/json' --data-binary "@$5"; }
> send 403 bob-web PUT '' r.recall >/dev/null && send 201 alice-web PUT '' r.recall && for who in bob carol; do
>   api 200 $who-web GET "/api/v1/recalls/$(cat d)" >$who.recall && sallyport recall approve $who.recall --policy policy.json --as $who --key file:$who.key >/dev/null && send 200 $who-web POST /approvals $who.recall >/dev/null || exit 1
> done; api 200 node-1 GET /api/v1/recalls
stdout '"pool":"pool-1","sequence":'
stdout '"standing":"granted"'
$ api 200 node-1 GET "/api/v1/recalls/$(cat d)" >fetched.recall && sallyport node recall fetched.recall --root node && sleep 1.1 && sallyport node report --root node -o r.dsse >/dev/null && . ./put.sh && put 204 node-1 node-1 r.dsse && api 200 auditor GET /api/v1/nodes
stdout 'ALARM: the active generation has what was recalled'
stdout '"findings":["content-recalled"'
! stdout '"recall":0'
