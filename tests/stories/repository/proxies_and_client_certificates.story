# What stands between a node and its repository can only be in the way: each obstacle has a name, and none is taken for metadata (I08, I09).
needs root
use repository
$ web_here repo && syncs --pin first-root.json >/dev/null && (python3 proxy.py >proxy.log & echo $! >proxy.pid) && until [ -s proxy.url ]; do sleep 0.05; done
# A proxy, or a captive portal, that answers everything with a page; one that wants a password; one that is not there.
$ export no_proxy= http_proxy="$(cat proxy.url)" && echo page >mood && refuses 3 tuf-malformed node sync "$(cat url)" --root node
$ export no_proxy= http_proxy="$(cat proxy.url)" && echo 407 >mood && refuses 5 server-refused node sync "$(cat url)" --root node
$ export no_proxy= http_proxy="$(cat proxy.url)" && echo 302 >mood && refuses 5 server-redirects node sync "$(cat url)" --root node
$ export no_proxy= https_proxy="$(cat proxy.url)" && echo 407 >mood && refuses 5 server-unreachable node sync https://repository.invalid --root node
$ export no_proxy= http_proxy=http://127.0.0.1:9 && refuses 5 server-unreachable node sync "$(cat url)" --root node
# CONNECT names its host, and a NO_PROXY with another spelling of the host is none.
$ grep -m 1 CONNECT proxy.log && grep -m 1 -i '^host: repository.invalid' proxy.log
| CONNECT repository.invalid:443 HTTP/1.1
| Host: repository.invalid:443
$ export no_proxy=127.0.0.1 http_proxy="$(cat proxy.url)" && syncs
stdout 'current'
$ export no_proxy=127.0.0.11,27.0.0.1 http_proxy="$(cat proxy.url)" && echo page >mood && refuses 3 tuf-malformed node sync "$(cat url)" --root node
# A server that asks for certificates gives nothing to a node that has none, or a stranger's.
$ for name in web node-1 stranger; do openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout $name.tls.key -out $name.tls.pem \
>   -subj /CN=$name -addext subjectAltName=IP:127.0.0.1 -days 2 2>/dev/null; done && web_gone && web_here repo web.tls.pem web.tls.key node-1.tls.pem
> refuses 5 server-refused node sync "$(cat url)" --root node --ca web.tls.pem
$ refuses 5 server-refused node sync "$(cat url)" --root node --ca web.tls.pem --client-cert stranger.tls.pem --client-key stranger.tls.key
$ refuses 1 key-unusable node sync "$(cat url)" --root node --ca web.tls.pem --client-cert node-1.tls.pem --client-key stranger.tls.key
$ refuses 2 usage-error node sync "$(cat url)" --root node --client-cert node-1.tls.pem
$ syncs --ca web.tls.pem --client-cert node-1.tls.pem --client-key node-1.tls.key
stdout 'current'
-- proxy.py --
"""A proxy in a bad mood (the file mood); its address is in proxy.url, and what it is asked on standard output."""
import http.server


class Proxy(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        print(self.requestline, str(self.headers).strip(), sep="\n", flush=True)
        mood = open("mood").read().strip()
        page = b"<html>Please log in</html>"
        self.send_response(200 if mood == "page" else int(mood))
        self.send_header("Location", "http://127.0.0.1/login")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    do_CONNECT = do_GET


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Proxy)
open("proxy.url", "w").write(f"http://127.0.0.1:{server.server_port}")
server.serve_forever()
