# The packaged units: the gate is there before the agent and its services. When all of its processes are killed at once the service
# manager still holds what it watches with: whoever asks waits, and the gate that is started next answers (M42, RI-3, RO-2).
use services
needs qemu-system-x86_64 qemu-img swtpm root
$ guest start
$ guest run 'sallyport node init --root /var/lib/sallyport --policy policy.json --node node-1 --pool pool-1'
$ guest run 'sallyport node install 1.csar --verdict 1.verdict --order 1.order --root /var/lib/sallyport'
$ guest run 'sallyport node stop --root /var/lib/sallyport'
$ guest run 'cp /opt/given/packaging/systemd/*.service /etc/systemd/system/; mkdir /etc/systemd/system/sallyport-gate.service.d
> printf "[Service]\nRestartSec=20s\n" >/etc/systemd/system/sallyport-gate.service.d/slow.conf
> cp /var/lib/sallyport/active/tree/bin/sleep /var/lib/sallyport/stray; echo >>/var/lib/sallyport/stray
> systemctl daemon-reload'
$ guest run 'systemctl start sallyport-noded; systemctl is-active sallyport-gate sallyport-noded'
| active
| active
$ guest run 'a=$(systemctl show -P ActiveEnterTimestampMonotonic sallyport-gate)
> b=$(systemctl show -P ExecMainStartTimestampMonotonic sallyport-noded); [ "$a" -gt 0 ] && [ "$a" -le "$b" ]'
$ guest run 'sallyport node start --root /var/lib/sallyport >/dev/null; sallyport node gate status --root /var/lib/sallyport --json'
json .result.mode "enforce"
$ guest run 'pgrep -f "^/bin/sleep 600" | wc -l'
| 1
$ guest run 'systemctl show -P NFileDescriptorStore sallyport-gate'
| 3
$ guest run '/var/lib/sallyport/stray 0'
[exit 126]
stderr 'Operation not permitted'

# All of them at once; who comes within the next twenty seconds waits for the answer, whatever it is.
$ guest run 'bash tries 1'
| a stray program: Operation not permitted, after its time
| one of the release: runs, after its time
| the service runs on
$ guest run 'for _ in $(seq 400); do if grep -qs "\"restarts\":1" /var/lib/sallyport/run/gate.json; then break; fi; sleep 0.1; done
> sallyport node gate status --root /var/lib/sallyport --json'
json .result.mode "enforce"
json .result.restarts 1
$ guest run 'grep -c "\"activity\":\"gate-alarm\".*\"subject\":\"restart\"" /var/lib/sallyport/events.jsonl'
| 1

# A switch of generations under the gate that came after it, and once more all of it.
$ guest run 'sallyport node install 2.csar --verdict 2.verdict --order 2.order --root /var/lib/sallyport --json'
json .result.generation 2
$ guest run 'bash tries 2'
| a stray program: Operation not permitted, after its time
| one of the release: runs, after its time
| the service runs on

# Ended by the administrator, it lets everything through, and says so.
$ guest run 'systemctl stop sallyport-gate; /var/lib/sallyport/stray 0; sallyport node gate status --root /var/lib/sallyport --json'
[exit 7]
json .error.code "gate-not-running"
-- tries --
cd /var/lib/sallyport
service=$(pgrep -f "^/bin/sleep 600")
for pid in $(cat /sys/fs/cgroup/system.slice/sallyport-gate.service/cgroup.procs); do kill -9 "$pid"; done
tries() { python3 -c 'import subprocess, sys, time
begin = time.monotonic()
try: subprocess.run([sys.argv[1], "0"], check=True); said = "runs"
except OSError as e: said = e.strerror
print(said + (", after its time" if time.monotonic() - begin > 0.5 else ", at once"))' "$1"; }
(echo "one of the release: $(tries generations/"$1"/tree/bin/sleep)" >/run/second) &
echo "a stray program: $(tries ./stray)"
wait
cat /run/second
[ "$(pgrep -f "^/bin/sleep 600")" = "$service" ] && echo "the service runs on"
