# A whole machine of its own: a release is installed there by the same programs, started, upgraded and given back, and its files
# are what was signed after the power was cut.
use services
needs qemu-system-x86_64 qemu-img swtpm root
$ guest start
$ guest run 'ls /dev/tpm0 /proc/sys/fs/verity/require_signatures; systemctl is-system-running'
| /dev/tpm0
| /proc/sys/fs/verity/require_signatures
| running
$ guest run 'sallyport node init --root /var/lib/sallyport --policy policy.json --node node-1 --pool pool-1 >/dev/null'
$ guest run 'sallyport node install 1.csar --verdict 1.verdict --order 1.order --root /var/lib/sallyport --json'
json .result.generation 1
$ guest run 'pgrep -f "^/bin/sleep 600" | wc -l'
| 1
$ guest run 'sallyport node install 2.csar --verdict 2.verdict --order 2.order --root /var/lib/sallyport --json'
json .result.generation 2
$ guest cut
$ guest start
$ guest run 'sallyport node fsck --root /var/lib/sallyport --json'
json .result.findings []
$ guest run 'sallyport node verify --root /var/lib/sallyport >/dev/null; readlink /var/lib/sallyport/active'
| generations/2
$ guest run 'sallyport node install 1.csar --verdict 1.verdict --order 1.order --root /var/lib/sallyport --json'
[exit 7]
json .error.code "order-replayed"
