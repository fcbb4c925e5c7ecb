# An upload goes on where it was cut off: after a connection that broke, after a server that was killed, at another server of the same database.
use server
$ clamd_here && server_config "$(free_port)" >sallyportd.json && server_here
$ api 201 vendor POST /vnfpkgm/v2/vnf_packages -H 'Content-Type: application/json' -d '{}' | sed 's/^{"id":"\([^"]*\)".*/\1/' >id && size=$(stat -c %s 1.csar) && echo $((size / 3)) >third
$ where() { api "$1" vendor GET "/api/v1/packages/$(cat id)/upload"; }; put() { api "$1" vendor PUT "/vnfpkgm/v2/vnf_packages/$(cat id)/package_content" -H 'Content-Type: application/zip' "${@:2}"; }; declare -f where put >put.sh
# The client announces the whole and goes away.
$ python3 cut.py "$(cat third)" && . ./put.sh && for _ in $(seq 100); do where 200 >there && break; sleep 0.05; done; sed "s/$(cat third)/a third/; s/$(stat -c %s 1.csar)/all/" there
stdout '{"offset":a third,"total":all}'
$ . ./put.sh; put 409 -C $(($(cat third) + 1)) -T 1.csar && grep -i -c "^upload-offset: $(cat third)" api.head
stdout 'urn:sallyport:problem:upload-offset-wrong'
# The server is killed while the second third comes in; the other one waits until the claim of the dead one has run out, here at once.
$ (python3 cut.py "$(cat third)" "$(cat third)" stay &) ; for _ in $(seq 100); do [ -e half ] && break; sleep 0.05; done; sleep 0.3 && server_gone server -KILL
> server_config "$(free_port)" "s['audit'] = s['audit'] + '-b'" >b.json && mkdir -m 700 server/audit-b && server_here b.json server && . ./put.sh && where 409
stdout 'the package is UPLOADING'
$ . ./put.sh; python3 -c 'import sqlite3; db = sqlite3.connect("server/server.db"); db.execute("UPDATE packages SET held_until = unixepoch()"); db.commit()' && where 200 | sed "s/$(cat third)/a third/; s/$(stat -c %s 1.csar)/all/"
stdout '{"offset":a third,"total":all}'
$ . ./put.sh; put 202 -C "$(cat third)" -T 1.csar && settled "$(cat id)"
stdout '"onboardingState":"ONBOARDED"'
$ api 200 node-1 GET "/vnfpkgm/v2/vnf_packages/$(cat id)/package_content" >back.csar && cmp 1.csar back.csar && find server/data/uploads -type f | wc -l
| 0
-- cut.py --
"""cut.py SIZE [OFFSET stay]: announces the rest of 1.csar from OFFSET on, and sends SIZE bytes of it."""
import socket, ssl, sys, time, urllib.parse

size, offset = int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0
data = open("1.csar", "rb").read()
url = urllib.parse.urlsplit(open("server.url").read().strip())
context = ssl.create_default_context(cafile="web.tls.pem")
context.load_cert_chain("vendor.tls.pem", "vendor.tls.key")
with context.wrap_socket(socket.create_connection((url.hostname, url.port)), server_hostname=url.hostname) as server:
    head = [f"PUT /vnfpkgm/v2/vnf_packages/{open('id').read().strip()}/package_content HTTP/1.1", "Host: server", "Version: 2.0.0",
            "Content-Type: application/zip", f"Content-Length: {len(data) - offset}"]
    if offset:
        head.append(f"Content-Range: bytes {offset}-{len(data) - 1}/{len(data)}")
    server.sendall("\r\n".join([*head, "", ""]).encode() + data[offset:offset + size])
    time.sleep(0.5)
    if len(sys.argv) > 3:
        open("half", "w").close()
        time.sleep(20)
