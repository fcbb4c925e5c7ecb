# Who subscribed over SOL005 is told, also after the server and the subscriber were gone; nobody is called whom the administrator did not list.
use server
$ free_port >port
$ python3 told.py "$(cat port)" 204 >told.out 2>&1 & echo $! >told.pid
$ clamd_here && server_config "$(free_port)" "s['callbacks'] = {'hosts': ['127.0.0.1:$(cat port)', 'localhost:$(cat port)', '127.0.0.2:$(cat port)'], 'private_addresses': ['127.0.0.1'], 'authorities': here + '/web.tls.pem', 'certificate': here + '/vendor.tls.pem', 'key': here + '/vendor.tls.key'}" >sallyportd.json && server_here
$ subscribe() { api "$1" officer POST /vnfpkgm/v2/subscriptions -H 'Content-Type: application/json' -d '{"callbackUri":"'"$2"'"}'; }; declare -f subscribe >subscribe.sh
$ . ./subscribe.sh; subscribe 422 https://127.0.0.1:1/told && subscribe 422 https://169.254.169.254/latest/meta-data && subscribe 422 "http://127.0.0.1:$(cat port)/told" && subscribe 422 file:///etc/passwd
stdout 'urn:sallyport:problem:url-not-allowed'
! stdout 'callback-test-failed'
# Listed, and yet an address of this machine that is not; and one that sends elsewhere.
$ . ./subscribe.sh; subscribe 422 "https://127.0.0.2:$(cat port)/told"
stdout 'urn:sallyport:problem:url-not-allowed'
stdout 'found: 127.0.0.2'
$ . ./subscribe.sh; subscribe 422 "https://127.0.0.1:$(cat port)/elsewhere"
stdout 'urn:sallyport:problem:callback-test-failed'
stdout 'server-redirects'
$ . ./subscribe.sh; subscribe 201 "https://127.0.0.1:$(cat port)/told"
stdout '"_links":{"self":{"href":"/vnfpkgm/v2/subscriptions/'
# Nobody is there when the package is on-boarded, and the server is killed; both come back, and it is told.
$ kill "$(cat told.pid)" && uploaded 1.csar >id && settled "$(cat id)" && sleep 3 && api 200 auditor GET /metrics | grep -E 'notifications_waiting |outcome="failed"|state="ONBOARDED"'
stdout 'sallyport_server_notifications_waiting 1'
stdout 'sallyport_server_notifications_total{outcome="failed"} 1'
stdout 'sallyport_server_packages{state="ONBOARDED"} 1'
$ server_gone server -KILL; python3 told.py "$(cat port)" 204 >told.out 2>&1 & server_here
$ for _ in $(seq 200); do if grep -q Onboarding told.out; then break; fi; sleep 0.1; done; cat told.out
stdout 'POST /told by CN=vendor: VnfPackageOnboardingNotification'
! stdout 'GET /elsewhere2'
$ api 200 vendor PATCH "/vnfpkgm/v2/vnf_packages/$(cat id)" -H 'Content-Type: application/json' -d '{"operationalState":"DISABLED"}' && api 204 vendor DELETE "/vnfpkgm/v2/vnf_packages/$(cat id)"
$ for _ in $(seq 100); do if grep -q PKG_DELETE told.out; then break; fi; sleep 0.1; done; grep -o 'VnfPackage.*' told.out
| VnfPackageOnboardingNotification
| VnfPackageChangeNotification OP_STATE_CHANGE DISABLED
| VnfPackageChangeNotification PKG_DELETE
-- told.py --
import http.server, json, ssl, sys


class Told(http.server.BaseHTTPRequestHandler):
    def who(self):
        subject = self.connection.getpeercert().get("subject", ())
        return ",".join("CN=" + value for part in subject for key, value in part if key == "commonName")

    def do_GET(self):
        print("GET", self.path, flush=True)
        self.send_response(302 if self.path == "/elsewhere" else int(sys.argv[2]))
        if self.path == "/elsewhere":
            self.send_header("Location", "/elsewhere2")
            self.send_header("Content-Length", "0")
        self.end_headers()

    def do_POST(self):
        said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        words = [said[k] for k in ("notificationType", "changeType", "operationalState") if k in said]
        print("POST", self.path, "by", self.who() + ":", *words, flush=True)
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Told)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain("web.tls.pem", "web.tls.key")
context.load_verify_locations("clients-ca.pem")
context.verify_mode = ssl.CERT_REQUIRED
server.socket = context.wrap_socket(server.socket, server_side=True)
server.serve_forever()
