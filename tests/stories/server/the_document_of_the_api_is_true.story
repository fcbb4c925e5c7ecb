# Every operation of the API, answered as docs/api/openapi.json says: each answer that the document has comes at least once, none is of another form, and what its schemas forbid is refused.
needs root
use node
use server
$ "$REPO/tests/api/check" document
stdout ' operations, 0 wrong'
$ free_port >port && python3 others.py "$(cat port)" >others.out 2>&1 &
$ sallyport key create -o log.key >/dev/null && sallyport log create --log log --origin log.example/packages --key file:log.key >/dev/null && sallyport log append 1.csar 1.verdict --log log --key file:log.key >/dev/null
> clamd_here && server_config "$(free_port)" "$(cat config.py)" >sallyportd.json && server_here
# Packages.
$ api 200 vendor GET /vnfpkgm/api_versions >/dev/null && api 200 monitor GET /healthz && api 200 monitor GET /readyz && api 200 monitor GET /metrics >/dev/null && api 200 node-1 GET /api/v1/policy >/dev/null
stdout '{"status":"alive"}{"status":"ready"}'
$ . ./create.sh; created '{"userDefinedData":{"ticket":"CR-1"}}' >created && created '{}' >part && created '{}' >fetched && uploaded 1.csar >id && settled "$(cat id)" | sed 's/.*"vnfdId":"\([^"]*\)".*/\1/' >release
$ api 204 vendor PUT "/vnfpkgm/v2/vnf_packages/$(cat part)/package_content" -H 'Content-Type: application/zip' -H 'Content-Range: bytes 0-3/9' -d abcd && api 200 vendor GET "/api/v1/packages/$(cat part)/upload"
stdout '{"offset":4,"total":9}'
$ api 409 vendor PUT "/vnfpkgm/v2/vnf_packages/$(cat part)/package_content" -H 'Content-Type: application/zip' -H 'Content-Range: bytes 5-8/9' -d abcd && grep -i -c upload-offset api.head
stdout 'upload-offset-wrong'
$ api 422 vendor PUT "/vnfpkgm/v2/vnf_packages/$(cat part)/package_content" -H 'Content-Type: application/zip' -H 'Repr-Digest: sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:' -d abcd
stdout 'digest-mismatch'
$ api 202 vendor POST "/vnfpkgm/v2/vnf_packages/$(cat fetched)/package_content/upload_from_uri" -H 'Content-Type: application/json' -d '{"addressInformation":"https://127.0.0.1:'"$(cat port)"'/2.csar"}' && for _ in $(seq 400); do settled "$(cat fetched)" >shown; grep -q UPLOADING shown || break; sleep 0.1; done; cat shown
stdout '"onboardingState":"ONBOARDED"'
# One that is bad is in the list, too.
$ cp 1.csar bad.csar && printf X | dd of=bad.csar bs=1 seek=5000 conv=notrunc 2>/dev/null && uploaded bad.csar >bad && settled "$(cat bad)"
stdout '"onboardingFailureDetails":{"type":"urn:sallyport:problem:member-digest-mismatch"'
$ for query in '' '?all_fields' '?fields=checksum,vnfdId' '?exclude_fields=userDefinedData' '?filter=(eq,onboardingState,ERROR)&fields=onboardingFailureDetails&exclude_default'; do api 200 vendor GET "/vnfpkgm/v2/vnf_packages$query" >/dev/null || exit 1; done; api 200 node-1 GET /vnfpkgm/v2/onboarded_vnf_packages >/dev/null
> for path in "api/v1/packages/$(cat id)/verdict" "vnfpkgm/v2/onboarded_vnf_packages/$(cat release)" "vnfpkgm/v2/vnf_packages/$(cat id)/artifacts/Artifacts/tree.json"; do api 200 node-1 GET "/$path" >/dev/null || exit 1; done; api 200 node-1 GET "/vnfpkgm/v2/vnf_packages/$(cat id)/vnfd" -H 'Accept: application/zip' >/dev/null
# More than one page.
$ /usr/bin/python3 many.py && api 200 vendor GET /vnfpkgm/v2/vnf_packages >page && sed -n 's/^[Ll]ink: <\(.*\)>; rel="next".*/\1/p' api.head | tr -d '\r' >next && api 200 vendor GET "$(cat next)" >/dev/null
# Subscriptions: one, the same again, as many as an account may have, and one more than are tried at a time.
$ . ./create.sh; subscribe 201 told "$(cat filter.json)" | sed 's/^{"id":"\([^"]*\)".*/\1/' >subscription && subscribe 303 told "$(cat filter.json)" && for n in $(seq 15); do subscribe 201 "told$n" '{}' >/dev/null || exit 1; done; subscribe 409 told16 '{}'
stdout 'state-conflict'
$ . ./create.sh; for n in 1 2; do (SUBSCRIBER=alice-web; mkdir "at-$n" && cp ./*.pem ./*.key server.url port "at-$n" && cd "at-$n" && until [ -e ../hurry ]; do subscribe 422 "slow$n" '{}' >out || true; done) & done
> for _ in $(seq 200); do if SUBSCRIBER=alice-web subscribe 503 nothing '{}' >said; then break; fi; done; touch hurry; wait; cat at-1/api.exchanges at-2/api.exchanges >>api.exchanges; cat said
stdout 'not-available'
$ api 200 officer GET /vnfpkgm/v2/subscriptions >/dev/null && api 200 auditor GET "/vnfpkgm/v2/subscriptions/$(cat subscription)"
stdout '"callbackUri":"https://127.0.0.1:'
$ settled "$(uploaded 3.csar)"
stdout '"onboardingState":"ONBOARDED"'
# Orders.
$ rm -f 1.order; proposal 1 --sequence 1 && sha256_of() { python3 -c 'import base64, hashlib, json, sys; print(hashlib.sha256(base64.b64decode(json.load(open(sys.argv[1]))["payload"])).hexdigest())' "$1"; } && sha256_of 1.order >order && declare -f sha256_of >>create.sh
> . ./create.sh; put 201 alice-web PUT "orders/$(cat order)" 1.order && put 200 alice-web PUT "orders/$(cat order)" 1.order && approval 1 bob && put 200 bob-web POST "orders/$(cat order)/approvals" 1.order >/dev/null && api 200 node-1 GET "/api/v1/orders/$(cat order)" | cmp - 1.order && api 200 auditor GET /api/v1/orders
stdout '"standing":"open"'
# Reports: of a node that has a key, and an older one behind it.
$ . ./create.sh; approval 1 carol && installs 1 && sallyport node report --root node -o old.dsse >/dev/null && sleep 1.1 && sallyport node report --root node -o r.dsse >/dev/null && put 204 node-1 PUT nodes/node-1/report r.dsse && put 409 node-1 PUT nodes/node-1/report old.dsse && api 200 auditor GET /api/v1/nodes >/dev/null && api 200 auditor GET /api/v1/nodes/node-1 && api 200 auditor GET /api/v1/nodes/node-1/report | cmp - r.dsse
stdout '"signature":"verified","key":"'
# The log.
$ api 200 node-1 GET /api/v1/log/checkpoint >/dev/null && api 200 node-1 GET "/api/v1/log/$(cd log/public && find tile -type f | head -n 1)" >/dev/null
# A newer database knows a content of the release that runs; from its verdict comes a recall.
$ clamd_gone && rm -r clamd && sed 's/^echo "Eicar-Test-Signature:.*/&\necho "Old-Release:0:*:72656c6561736520310a" >>"$dir\/database\/sallyport.ndb"/' "$REPO/tools/demo/clamd" >knowing_clamd && chmod +x knowing_clamd && (./knowing_clamd "$PWD/clamd" >/dev/null 2>&1 & echo $! >clamd.pid)
> for _ in $(seq 900); do if [[ $(api 200 vendor GET "/vnfpkgm/v2/vnf_packages/$(cat id)") = *x-sallyport-finding* ]]; then break; fi; sleep 0.1; done; api 200 alice-web GET /api/v1/recalls && api 200 alice-web GET "/api/v1/packages/$(cat id)/rescan" >hit.verdict
stdout '"found":[{"vnfPkgId":"'
$ . ./create.sh; sallyport recall propose --verdict hit.verdict --policy policy.json --pool pool-1 --as alice --key file:alice.key -o r.recall >/dev/null && sha256_of r.recall >recall && put 201 alice-web PUT "recalls/$(cat recall)" r.recall && put 200 alice-web PUT "recalls/$(cat recall)" r.recall && sallyport recall approve r.recall --policy policy.json --as bob --key file:bob.key >/dev/null && put 200 bob-web POST "recalls/$(cat recall)/approvals" r.recall >/dev/null && api 200 node-1 GET "/api/v1/recalls/$(cat recall)" | cmp - r.recall && api 200 node-1 GET /api/v1/recalls
stdout '"recalls":[{"digest":"'
# An exception for the same finding; and a package in ERROR that is taken in once more.
$ . ./create.sh; sallyport intake show hit.verdict --policy policy.json | sed -n 's/.*malware-found release .*, content \([0-9a-f]*\).*/\1/p' >content && sallyport intake exception propose --verdict hit.verdict --content "$(cat content)" --policy policy.json --pool pool-1 --as alice --key file:alice.key --until "$(date -u -d '+1 day' +%FT%TZ)" --reason 'vendor ticket 4711' -o x.exception >/dev/null && sha256_of x.exception >exception && put 201 alice-web PUT "exceptions/$(cat exception)" x.exception && put 200 alice-web PUT "exceptions/$(cat exception)" x.exception
> api 200 bob-web GET "/api/v1/exceptions/$(cat exception)" >x.exception && sallyport intake exception approve x.exception --policy policy.json --as bob --key file:bob.key >/dev/null && put 200 bob-web POST "exceptions/$(cat exception)/approvals" x.exception | cmp - x.exception && api 200 auditor GET /api/v1/exceptions
stdout '"exceptions":[{"digest":"'
$ api 202 vendor POST "/api/v1/packages/$(cat bad)/intake" && settled "$(cat bad)"
stdout '"onboardingState":"ERROR"'
# What is refused, of every operation.
$ python3 known.py >known.json && "$REPO/tests/api/refusals" known.json
| 0 wrong
# The end of a package, and of a subscription; who was told of it.
$ api 200 vendor PATCH "/vnfpkgm/v2/vnf_packages/$(cat fetched)" -H 'Content-Type: application/merge-patch+json' -d '{"operationalState":"DISABLED","userDefinedData":{"a":"b","c":null}}' && api 204 vendor DELETE "/vnfpkgm/v2/vnf_packages/$(cat fetched)"
stdout '{"operationalState":"DISABLED","userDefinedData":{"a":"b"}}'
$ for _ in $(seq 300); do if [ "$(grep -o 'Onboarding\|OP_STATE_CHANGE\|PKG_DELETE' told.jsonl | sort -u | wc -l)" = 3 ]; then break; fi; sleep 0.1; done; "$REPO/tests/api/check" notifications told.jsonl && grep -o 'Onboarding\|OP_STATE_CHANGE\|PKG_DELETE' told.jsonl | sort -u
stdout 'Onboarding'
stdout 'OP_STATE_CHANGE'
stdout 'PKG_DELETE'
stdout ' notifications, 0 wrong'
$ api 204 officer DELETE "/vnfpkgm/v2/subscriptions/$(cat subscription)" && api 200 auditor GET '/api/v1/audit?after=3' >events && grep -c '"events":\[{"number":4,' events
| 1
# Without its database it is not ready, and says so in the same form.
$ mv server/server.db server/away && api 503 monitor GET /readyz && api 500 auditor GET /api/v1/orders
stdout 'not-available'
stdout 'internal-fault'
$ "$REPO/tests/api/check" complete api.exchanges
stdout ' kinds of answers, 0 wrong'
# Whoever looks at all that would have seen it.
$ sed 's/"usageState"/"usagestate"/; s/cache-control: no-store/x-new: 1/I' api.exchanges >edited && "$REPO/tests/api/check" answers edited
[exit 1]
stdout "'usagestate' was unexpected"
stdout "'usageState' is a required property"
stdout 'the header x-new is not in the document'
stdout 'the header cache-control is there 0 times'
$ sed 's/\x1e204\x1f/\x1e205\x1f/' api.exchanges >edited && "$REPO/tests/api/check" answers edited
[exit 1]
stdout 'DELETE /vnfpkgm/v2/subscriptions/'
stdout 'the status 205 is not in the document'
$ : >nothing && "$REPO/tests/api/check" complete nothing
[exit 1]
stdout 'putOrder has never answered 201'
-- create.sh --
created() { api 201 vendor POST /vnfpkgm/v2/vnf_packages -H 'Content-Type: application/json' -d "$1" | sed 's/^{"id":"\([^"]*\)".*/\1/'; }
subscribe() { api "$1" "${SUBSCRIBER:-officer}" POST /vnfpkgm/v2/subscriptions -H 'Content-Type: application/json' -d '{"callbackUri":"https://127.0.0.1:'"$(cat port)/$2"'","filter":'"$3"'}'; }
put() { api "$1" "$2" "$3" "/api/v1/$4" -H 'Content-Type: application/json' --data-binary "@$5"; }
-- many.py --
import os, sys
sys.path.insert(0, os.environ["REPO"] + "/tests/api")
from server import Server
server = Server()
for _ in range(96):
    assert server.ask("vendor", "POST", "/vnfpkgm/v2/vnf_packages", {"Content-Type": "application/json"}, b"{}")[0].status == 201
-- filter.json --
{"notificationTypes":["VnfPackageOnboardingNotification","VnfPackageChangeNotification"],"vnfProductsFromProviders":[{"vnfProvider":"acme","vnfProducts":[{"vnfProductName":"demo"}]}]}
-- config.py --
hosts = ["127.0.0.1:" + open("port").read().strip()]
shown = {"hosts": hosts, "private_addresses": ["127.0.0.1"], "authorities": here + "/web.tls.pem", "certificate": here + "/vendor.tls.pem", "key": here + "/vendor.tls.key"}
s["callbacks"] = s["upload_from_uri"] = shown
s["log"] = here + "/log/public"
[a.update(node_key=open("node/node.pub").read()) for a in s["accounts"] if a["name"] == "node-1"]
-- known.py --
import json
def of(name):
    return open(name).read().strip()
print(json.dumps({"names": {"id": of("id"), "vnfdId": of("release"), "digest": of("order"), "node": "node-1", "path": "Artifacts/tree.json"},
                  "below": {"/vnfpkgm/v2/subscriptions": {"id": of("subscription")}, "/api/v1/recalls": {"digest": of("recall")}, "/api/v1/exceptions": {"digest": of("exception")},
                            "/api/v1/log": {"path": "checkpoint"}},
                  "created": of("created"),
                  "bodies": {"/api/v1/orders": "1.order", "/api/v1/recalls": "r.recall", "/api/v1/exceptions": "x.exception", "/api/v1/nodes": "r.dsse"}}))
-- others.py --
"""Who is told, and where a package is fetched."""
import http.server, json, os, ssl, sys, time


class Other(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        print("GET", self.path, flush=True)
        if self.path == "/2.csar":
            data = open("2.csar", "rb").read()
            self.send_response(200)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)
            return
        if self.path.startswith("/slow"):
            while not os.path.exists("hurry"):
                time.sleep(0.1)
        self.send_response(404 if self.path == "/nothing" else 204)
        self.end_headers()

    def do_POST(self):
        said = self.rfile.read(int(self.headers["Content-Length"]))
        with open("told.jsonl", "ab") as file:
            file.write(said + b"\n")
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Other)
server.handle_error = lambda *_: None
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain("web.tls.pem", "web.tls.key")
context.load_verify_locations("clients-ca.pem")
context.verify_mode = ssl.CERT_REQUIRED
server.socket = context.wrap_socket(server.socket, server_side=True)
server.serve_forever()
