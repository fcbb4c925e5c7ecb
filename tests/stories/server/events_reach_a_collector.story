# Security events go to rsyslog over TLS, in order; none is left out when the collector or the server is killed.
needs rsyslogd
use server
$ free_port >port && sed "s|HERE|$PWD|g; s|PORT|$(cat port)|" rsyslog.conf.in >rsyslog.conf && mkdir collector && . ./collector.sh && collector_here
$ server_config "$(free_port)" "s['workers'] = 0; s['syslog'] = {'server': '127.0.0.1:$(cat port)', 'authorities': here + '/web.tls.pem', 'certificate': here + '/vendor.tls.pem', 'key': here + '/vendor.tls.key', 'facility': 'local3'}" >sallyportd.json && sallyportd --config sallyportd.json --check && server_here
$ . ./collector.sh; api 401 - GET /api/v1/audit && api 404 auditor GET '/api/v1/audit"%5D%5C' && api 403 vendor GET /api/v1/audit && collected && cat collector/received
stdout '157 server sallyportd START [sallyport@32473 line="1" account="" source="local" action="START" object="" outcome="success" code="" detail=""]START success'
stdout 'account="vendor" source="127.0.0.1" action="GET" object="/api/v1/audit" outcome="refused" code="not-allowed" detail=""]GET refused not-allowed'
stdout 'action="CERTIFICATE" object="server" outcome="fault" code="" detail="expires at 2'
# The collector dies. What happens meanwhile waits, also for the next server.
$ . ./collector.sh; collector_gone -KILL; for i in 1 2 3; do api 401 - GET "/down/$i"; done; sleep 2; api 200 auditor GET /metrics | grep -E 'syslog_(total|waiting)'
stdout 'sallyport_server_syslog_total{outcome="failed"} '
! stdout 'sallyport_server_syslog_waiting_bytes 0'
$ server_gone server -KILL; server_here && sleep 1 && api 401 - GET /down/4
$ . ./collector.sh; collector_here && collected && python3 complete.py 2>&1
stdout 'nothing is missing'
$ grep -c 'object="/down/' collector/received
| 4
$ for _ in $(seq 200); do if grep -q 'taken again' collector/received; then break; fi; sleep 0.1; done; grep -o 'action="SYSLOG".*' collector/received
stdout 'outcome="fault" code="server-unreachable" detail="syslog 127.0.0.1:'
stdout 'outcome="success" code="" detail="taken again after '
# The server is killed again and again while much happens.
$ . ./collector.sh; for n in 1 2 3 4; do for i in 1 2 3 4 5 6; do api 403 vendor GET "/api/v1/audit?after=$n$i" >/dev/null; done; server_gone server -KILL; server_here || exit 1; done; collected && python3 complete.py 2>&1
stdout 'nothing is missing'
$ server_gone && tail -n 1 server/audit/security.jsonl
stdout '"action":"STOP"'
-- collector.sh --
collector_here() {
  rsyslogd -n -f "$PWD/rsyslog.conf" -i "$PWD/collector/pid" >>collector.out 2>&1 &
  echo $! >collector.pid
  for _ in $(seq 100); do
    if (exec 3<>"/dev/tcp/127.0.0.1/$(cat port)") 2>/dev/null; then return; fi
    sleep 0.05
  done
  cat collector.out
  return 1
}
collector_gone() { kill "${1:--TERM}" "$(cat collector.pid)"; while [ -d "/proc/$(cat collector.pid)" ]; do sleep 0.02; done; rm -f collector/pid; }
# collected: until the last line that there is has come.
collected() {
  local lines
  for _ in $(seq 200); do
    lines=$(wc -l <server/audit/security.jsonl)
    if grep -q " line=\"$lines\" " collector/received 2>/dev/null; then echo "$lines" >collected.lines; return; fi
    sleep 0.1
  done
  echo "line $lines has not come"; cat server.err; tail -n 3 collector/received; return 1
}
-- complete.py --
import json, re
# That a collector is there again is an event, too, which may be written only now.
sent = [json.loads(line) for line in open("server/audit/security.jsonl")][:int(open("collected.lines").read())]
got, last = {}, 0
for line in open("collector/received"):
    fields = dict(re.findall(r'(\w+)="((?:[^"\\\]]|\\.)*)"', line))
    number = int(fields["line"])
    assert number <= last + 1, f"{number} after {last}"
    last = max(last, number)
    got[number] = (fields["action"], fields["object"], fields["outcome"])
for number, event in enumerate(sent, 1):
    plain = event["object"].replace("\\", "\\\\").replace('"', '\\"').replace("]", "\\]")
    assert got[number] == (event["action"], plain, event["outcome"]), (number, got[number], event)
print("nothing is missing")
-- rsyslog.conf.in --
global(workDirectory="HERE/collector" localHostname="collector" defaultNetstreamDriver="gtls" defaultNetstreamDriverCAFile="HERE/clients-ca.pem"
       defaultNetstreamDriverCertFile="HERE/web.tls.pem" defaultNetstreamDriverKeyFile="HERE/web.tls.key")
module(load="imtcp" streamDriver.name="gtls" streamDriver.mode="1" streamDriver.authMode="x509/name" permittedPeer=["vendor"])
template(name="line" type="string" string="%pri% server %app-name% %msgid% %structured-data%%msg%\n")
input(type="imtcp" port="PORT" address="127.0.0.1")
action(type="omfile" file="HERE/collector/received" template="line")
