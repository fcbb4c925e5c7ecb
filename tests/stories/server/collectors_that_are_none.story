# A collector that is another one than was configured is told nothing; one that breaks off, or is silent, is told again.
use server
$ free_port >port
$ python3 collector.py "$(cat port)" web.tls.pem web.tls.key ends >collector.out 2>&1 & echo $! >collector.pid
$ configured() { server_config "$(free_port)" "s['workers'] = 0; s['syslog'] = {'server': '$1:$(cat port)', 'authorities': here + '/$2'}" >sallyportd.json; }; declare -f configured >configured.sh
$ for _ in $(seq 100); do if [ -s collector.out ]; then break; fi; sleep 0.05; done
# Its certificate is for 127.0.0.1, and by itself.
$ . ./configured.sh; configured localhost web.tls.pem && server_here && sleep 1.5 && server_gone && grep SYSLOG server/audit/security.jsonl
stdout '"code":"server-untrusted"'
stdout 'hostname mismatch'
$ . ./configured.sh; configured 127.0.0.1 clients-ca.pem && server_here && sleep 1.5 && server_gone && grep SYSLOG server/audit/security.jsonl | tail -n 1
stdout '"code":"server-untrusted"'
stdout 'self-signed certificate'
$ cat collector.out
! stdout 'START'
# Reads half and resets the connection; then never ends; then takes it.
$ kill "$(cat collector.pid)"; while [ -d "/proc/$(cat collector.pid)" ]; do sleep 0.02; done
$ python3 collector.py "$(cat port)" web.tls.pem web.tls.key half ends >collector.out 2>&1 & echo $! >collector.pid
$ for _ in $(seq 100); do if [ -s collector.out ]; then break; fi; sleep 0.05; done
$ . ./configured.sh; configured 127.0.0.1 web.tls.pem && server_here && for _ in $(seq 200); do if grep -q 'took.*taken again' collector.out; then break; fi; sleep 0.05; done; server_gone && cat collector.out
stdout 'half'
stdout 'took'
$ python3 -c '
> import re
> took = [line for line in open("collector.out") if line.startswith("took")]
> numbers = [int(n) for line in took for n in re.findall(r" line=\"(\d+)\" ", line)]
> print(numbers[0], numbers == sorted(set(numbers)), len(numbers) >= 5)'
| 1 True True
# Nobody is there: the server serves all the same.
$ kill "$(cat collector.pid)"; server_here && api 401 - GET / >/dev/null && server_gone
# What is no collector's address is refused before anything begins.
$ server_config 1 "s['workers'] = 0; s['syslog'] = {'server': 'collector', 'authorities': here + '/web.tls.pem'}" >wrong.json && sallyportd --config wrong.json --check
[exit 2]
stderr 'usage-error'
$ server_config 1 "s['workers'] = 0; s['syslog'] = {'server': 'collector:1', 'authorities': here + '/web.tls.key'}" >wrong.json && sallyportd --config wrong.json --check
[exit 1]
stderr 'key-unusable'
-- collector.py --
import socket, ssl, struct, sys
port, certificate, key, *modes = sys.argv[1:]
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(certificate, key)
listener = socket.create_server(("127.0.0.1", int(port)))
print("ready", flush=True)
while True:
    plain, _ = listener.accept()
    try:
        connection = context.wrap_socket(plain, server_side=True)
    except OSError as e:
        print("handshake:", e, flush=True)
        continue
    mode = modes.pop(0) if len(modes) > 1 else modes[0]
    if mode == "half":
        print("half", connection.recv(100), flush=True)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()
        continue
    said = b""
    while part := connection.recv(65536):
        said += part
    print("took", said.decode(), flush=True)
    try:
        connection.unwrap()
    except OSError:
        pass
    connection.close()
