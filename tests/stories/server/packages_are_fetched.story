# upload_from_uri: off unless the administrator lists hosts; then what they have is fetched by the rules for callbacks, and what they do wrong is an ERROR with its code.
use server
patience 120
$ free_port >port
$ python3 files.py "$(cat port)" >files.out 2>&1 &
$ clamd_here && server_config "$(free_port)" >off.json && server_here off.json
$ created() { api 201 vendor POST /vnfpkgm/v2/vnf_packages -H 'Content-Type: application/json' -d '{}' | sed 's/^{"id":"\([^"]*\)".*/\1/'; }
> fetch() { api "$1" vendor POST "/vnfpkgm/v2/vnf_packages/$2/package_content/upload_from_uri" -H 'Content-Type: application/json' -d '{"addressInformation":"'"$3"'"'"${4:-}"'}'; }
> fetched() { local id shown; id=$(created) && fetch 202 "$id" "https://127.0.0.1:$(cat port)/$1" || return 1
>   for _ in $(seq 400); do shown=$(settled "$id"); [[ $shown == *'"UPLOADING"'* ]] || break; sleep 0.1; done; echo "$shown" | grep -o '"onboardingState":"[A-Z]*"\|problem:[a-z-]*' | tr '\n' ' '; }
> declare -f created fetch fetched >fetch.sh
$ . ./fetch.sh; created >id && fetch 403 "$(cat id)" "https://127.0.0.1:$(cat port)/1.csar"
stdout 'urn:sallyport:problem:upload-from-uri-off'
$ server_gone && server_config "$(free_port)" "s['limits'] = {'package_size_max': 1000000}; s['upload_from_uri'] = {'hosts': ['127.0.0.1:$(cat port)', '127.0.0.2:$(cat port)', 'localhost:$(cat port)'], 'private_addresses': ['127.0.0.1'], 'authorities': here + '/web.tls.pem', 'certificate': here + '/vendor.tls.pem', 'key': here + '/vendor.tls.key'}" >sallyportd.json && server_here
$ . ./fetch.sh; for url in "http://127.0.0.1:$(cat port)/1.csar" "https://127.0.0.1:1/1.csar" https://169.254.169.254/ file:///etc/passwd "https://a:b@127.0.0.1:$(cat port)/1.csar"; do fetch 422 "$(cat id)" "$url" | grep -c problem:url-not-allowed; done
| 1
| 1
| 1
| 1
| 1
$ . ./fetch.sh; fetch 422 "$(cat id)" "https://127.0.0.1:$(cat port)/1.csar" ',"userName":"a","password":"b"'
stdout 'urn:sallyport:problem:json-malformed'
$ . ./fetch.sh; fetched 1.csar; id=$(api 200 vendor GET /vnfpkgm/v2/vnf_packages?filter=\(eq,onboardingState,ONBOARDED\) | sed 's/^\[{"id":"\([^"]*\)".*/\1/') && api 200 node-1 GET "/vnfpkgm/v2/vnf_packages/$id/package_content" >back.csar && cmp 1.csar back.csar && cat files.out
stdout '"onboardingState":"ONBOARDED"'
stdout 'GET /1.csar by CN=vendor'
# Listed by name, and yet of an address that is not.
$ . ./fetch.sh; created >id2 && fetch 202 "$(cat id2)" "https://127.0.0.2:$(cat port)/1.csar" && for _ in $(seq 100); do settled "$(cat id2)" | grep -o 'problem:url-not-allowed' && break; sleep 0.1; done
| problem:url-not-allowed
$ . ./fetch.sh; for file in elsewhere nothing short large; do fetched $file; echo $file; done
stdout '"ERROR" problem:server-redirects elsewhere'
stdout '"ERROR" problem:server-file-missing nothing'
stdout '"ERROR" problem:server-unreachable short'
stdout '"ERROR" problem:server-sends-too-much large'
$ ! grep -q 'GET /1.csar?moved' files.out && grep -c '"action":"FETCH".*"outcome":"refused"' server/audit/security.jsonl && find server/data/uploads -type f | wc -l
| 5
| 0
# One that hardly sends is left after twenty seconds; while it lasts, the server can be ended, and another one does it.
$ . ./fetch.sh; created >id3 && fetch 202 "$(cat id3)" "https://127.0.0.1:$(cat port)/slow" && sleep 3 && time=$SECONDS && server_gone && [ $((SECONDS - time)) -lt 8 ] && server_here && for _ in $(seq 400); do settled "$(cat id3)" | grep -o 'problem:server-too-slow' && break; sleep 0.1; done
| problem:server-too-slow
-- files.py --
import http.server, ssl, sys, time


class Files(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        peer = self.connection.getpeercert().get("subject", ())
        print("GET", self.path, "by", ",".join("CN=" + v for part in peer for k, v in part if k == "commonName"), flush=True)
        data = open("1.csar", "rb").read()
        if self.path == "/elsewhere":
            self.send_response(302)
            self.send_header("Location", "/1.csar?moved")
            self.send_header("Content-Length", "5")
            self.end_headers()
            self.wfile.write(b"moved")
        elif self.path == "/nothing":
            self.send_error(404)
        elif self.path == "/short":
            self.send_response(200)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data[:-1])
            self.close_connection = True
        elif self.path == "/large":
            self.send_response(200)
            self.end_headers()
            for _ in range(20):
                self.wfile.write(bytes(100000))
        elif self.path == "/slow":
            self.send_response(200)
            self.end_headers()
            for _ in range(60):
                self.wfile.write(b"x")
                time.sleep(1)
        else:
            self.send_response(200)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Files)
server.handle_error = lambda *_: None
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain("web.tls.pem", "web.tls.key")
context.load_verify_locations("clients-ca.pem")
context.verify_mode = ssl.CERT_REQUIRED
server.socket = context.wrap_socket(server.socket, server_side=True)
server.serve_forever()
