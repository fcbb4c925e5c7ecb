# After a power cut the machine boots by itself into what it was: first the gate, then the agent, then the services (RI-3, M28).
use services
needs qemu-system-x86_64 qemu-img swtpm root
patience 900
$ guest start
$ guest run 'cp /opt/given/packaging/systemd/*.service /etc/systemd/system/; systemctl enable sallyport-gate sallyport-noded
> sallyport node init --root /var/lib/sallyport --policy policy.json --node node-1 --pool pool-1
> sallyport node install 1.csar --verdict 1.verdict --order 1.order --root /var/lib/sallyport
> cp /var/lib/sallyport/active/tree/bin/sleep /var/lib/sallyport/stray; echo >>/var/lib/sallyport/stray; sync'
$ guest cut
$ guest boot
$ guest run 'systemctl is-active sallyport-gate sallyport-noded; systemctl is-system-running'
| active
| active
| running
$ guest run 'sallyport node gate status --root /var/lib/sallyport --json'
json .result.mode "enforce"
json .result.generations [1]
$ guest run 'for _ in $(seq 100); do if pgrep -f "^/bin/sleep 600" >/run/demo; then break; fi; sleep 0.1; done; wc -l </run/demo'
| 1
$ guest run 'ready=$(systemctl show -P ActiveEnterTimestampMonotonic sallyport-gate)
> begun=$(systemctl show -P ExecMainStartTimestampMonotonic sallyport-noded); [ "$ready" -gt 0 ] && [ "$ready" -le "$begun" ]'
$ guest run '/var/lib/sallyport/stray 0'
[exit 126]
stderr 'Operation not permitted'
