# SIGHUP: new accounts count at once, without a restart; whoever is gone is turned away at the next request on the same connection; what cannot be read changes nothing.
use server
$ server_config "$(free_port)" 's["workers"] = 0' >sallyportd.json && server_here && cp sallyportd.json old.json
$ told() { for _ in $(seq 100); do if [ "$(grep -c '"action":"ACCOUNTS"' server/audit/security.jsonl)" = "$1" ]; then tail -n +1 server/audit/security.jsonl | grep '"action":"ACCOUNTS"' | tail -n 1; return; fi; sleep 0.05; done; echo "not told"; return 1; }; declare -f told >told.sh
# A client that keeps its connection.
$ mkfifo ask
$ python3 client.py "$(sed 's/.*://' server.url)" <ask >client.out 2>&1 & exec 9>ask; . ./told.sh
> echo auditor >&9; echo officer >&9; for _ in $(seq 100); do if [ "$(wc -l <client.out)" = 2 ]; then break; fi; sleep 0.05; done
> python3 change.py && kill -HUP "$(cat server.pid)" && told 1 || exit 1
> echo auditor >&9; echo officer >&9; for _ in $(seq 100); do if [ "$(wc -l <client.out)" = 4 ]; then break; fi; sleep 0.05; done; exec 9>&-; cat client.out
stdout '"outcome":"success","detail":"9 accounts; new: newcomer; gone: officer; changed: monitor"'
stdout 'auditor 200 on connection 1'
stdout 'officer 200 on connection 1'
stdout 'officer 401 on connection 1'
$ api 200 unknown GET /vnfpkgm/api_versions && api 200 monitor GET /vnfpkgm/v2/vnf_packages && api 401 officer GET /healthz
# A file that is wrong, or gone, or of which only another part is.
$ . ./told.sh; sed 's/"auditor"/"nobody"/' old.json >sallyportd.json && kill -HUP "$(cat server.pid)" && told 2 && api 200 auditor GET /vnfpkgm/api_versions >/dev/null && api 401 officer GET /healthz >/dev/null
stdout '"outcome":"refused","code":"json-malformed","detail":"the accounts stay as they were: '
$ head -c 300 old.json >sallyportd.json; . ./told.sh; kill -HUP "$(cat server.pid)" && told 3 && api 200 unknown GET /vnfpkgm/api_versions
stdout '"outcome":"refused"'
$ rm sallyportd.json; . ./told.sh; kill -HUP "$(cat server.pid)" && told 4 && api 200 unknown GET /vnfpkgm/api_versions
stdout '"outcome":"refused","code":"file-missing","detail":"the accounts stay as they were: '
$ sed 's/"workers": 0/"workers": 2/' old.json >sallyportd.json; . ./told.sh; kill -HUP "$(cat server.pid)" && told 5 && api 200 officer GET /healthz && api 401 unknown GET /healthz
stdout '"outcome":"success"'
stdout 'what else has changed needs a restart'
$ server_gone && cat server.err
stdout 'sallyportd: the accounts were read anew'
stdout 'sallyportd: the accounts stay as they were: json-malformed'
-- change.py --
import hashlib, json, ssl
s = json.load(open("sallyportd.json"))
s["accounts"] = [a for a in s["accounts"] if a["name"] != "officer"]
newcomer = hashlib.sha256(ssl.PEM_cert_to_DER_cert(open("unknown.tls.pem").read())).hexdigest()
s["accounts"].append({"name": "newcomer", "roles": ["submitter"], "certificates": [newcomer]})
for a in s["accounts"]:
    if a["name"] == "monitor":
        a["roles"] = ["monitor", "officer"]
json.dump(s, open("next.json", "w"))
import os
os.rename("next.json", "sallyportd.json")
-- client.py --
import http.client, ssl, sys
connections = {}
for line in sys.stdin:
    who = line.strip()
    if who not in connections:
        context = ssl.create_default_context(cafile="web.tls.pem")
        context.load_cert_chain(who + ".tls.pem", who + ".tls.key")
        connections[who] = http.client.HTTPSConnection("127.0.0.1", int(sys.argv[1]), context=context)
        connections[who].connect()
        connections[who].auto_open = 0
    connections[who].request("GET", "/vnfpkgm/api_versions", headers={"Version": "2.0.0"})
    answer = connections[who].getresponse()
    answer.read()
    print(who, answer.status, "on connection 1", flush=True)
