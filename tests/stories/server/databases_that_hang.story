# Q15: a database that does not answer holds nobody for ever: a lock that nobody gives back is a fault after twenty seconds, and SIGTERM ends the server in less than a minute, whatever hangs.
needs psql
patience 300
use server
$ "$REPO/tools/demo/postgresql" here || { echo 'PostgreSQL is missing (tools/packages.sh test)'; exit 1; }
$ mktemp -d /tmp/sallyport-pg-XXXXXX >pg && chmod 711 "$(cat pg)" && "$REPO/tools/demo/postgresql" start "$(cat pg)/server"
$ server_config "$(free_port)" "s['workers'] = 0; s['database'] = 'postgresql:host=$(cat pg)/server user=sallyport dbname=postgres'" >sallyportd.json && server_here
# What is no text in an address is recorded as text: this database takes nothing else.
$ python3 bytes.py && api 200 auditor GET /api/v1/audit | grep -o '"object":"[^"]*xff[^"]*","outcome":"refused"'
| 400
| "object":"/\\xff","outcome":"refused"
$ { echo 'BEGIN; LOCK TABLE packages IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(600);' | psql "host=$(cat pg)/server user=sallyport dbname=postgres" -q >/dev/null 2>&1 & } ; sleep 2; time=$SECONDS; api 500 auditor GET /vnfpkgm/v2/vnf_packages && [ $((SECONDS - time)) -ge 15 ] && [ $((SECONDS - time)) -lt 40 ]
stdout 'urn:sallyport:problem:internal-fault'
# All threads wait for processes that are stopped.
$ pkill -STOP -f "^postgres: sallyport postgres \[local\]" -P "$(head -n 1 "$(cat pg)/server/data/postmaster.pid")"; for _ in 1 2 3 4 5 6; do (api 200 auditor GET /vnfpkgm/v2/vnf_packages >/dev/null 2>&1 &); done; sleep 1; time=$SECONDS; server_gone && [ $((SECONDS - time)) -lt 60 ]
$ "$REPO/tools/demo/postgresql" stop "$(cat pg)/server"; rm -rf "$(cat pg)"
-- bytes.py --
import socket, ssl
host, port = open("server.url").read().strip().removeprefix("https://").split(":")
context = ssl.create_default_context(cafile="web.tls.pem")
context.load_cert_chain("vendor.tls.pem", "vendor.tls.key")
with context.wrap_socket(socket.create_connection((host, int(port))), server_hostname=host) as s:
    s.sendall(b"DELETE /\xff HTTP/1.1\r\nHost: x\r\n\r\n")
    print(s.recv(4096).split()[1].decode())
