# A real network function with what it needs of a kernel: Debian's NextEPC MME is installed by its signed release and listens for
# base stations (S1AP, SCTP port 36412), under the gate and with the kernel keeping its files.
use mme
needs qemu-system-x86_64 qemu-img swtpm root
$ guest start
$ guest run 'modprobe sctp; cp /opt/given/packaging/systemd/*.service /etc/systemd/system/; systemctl daemon-reload
> sallyport node init --root /var/lib/sallyport --policy policy.json --node node-1 --pool pool-1
> systemctl start sallyport-gate'
$ guest run 'sallyport node install mme.csar --verdict mme.verdict --order mme.order --root /var/lib/sallyport --json'
json .result.generation 1
$ guest run 'sallyport node gate status --root /var/lib/sallyport --json'
json .result.mode "enforce"
json .result.denied 0
$ guest run 'cat /proc/$(pgrep -x nextepc-mmed)/net/sctp/eps | tail -n +2 | wc -l'
| 1
$ guest run 'grep -c " 36412 " /proc/$(pgrep -x nextepc-mmed)/net/sctp/eps'
| 1
$ guest run 'fsverity measure /var/lib/sallyport/active/tree/usr/bin/nextepc-mmed >/dev/null; sallyport node verify --root /var/lib/sallyport >/dev/null'
