# The gate asks the kernel for the digest of a file that it keeps, and reads nothing of it: under a gate that enforces a program runs
# although a part that it does not need cannot be read any more. Where the kernel does not keep it, it is read (docs/spec/gate.md, *Identity*).
use services
needs qemu-system-x86_64 qemu-img swtpm debugfs root
patience 900
$ cp tree/bin/sleep tree/bin/large; head -c 8M /dev/urandom >>tree/bin/large; sed -i s/never/600/ services.json
$ package 4 tree 4 --services services.json; clamd_here; verdict 4; order 4 --sequence 4; clamd_gone; rm -r clamd
$ guest start
$ guest run 'sallyport node init --root /var/lib/sallyport --policy policy.json --node node-1 --pool pool-1
> sallyport node install 4.csar --verdict 4.verdict --order 4.order --root /var/lib/sallyport
> sallyport node stop --root /var/lib/sallyport; cp /var/lib/sallyport/active/tree/bin/large /var/lib/sallyport/copy'
$ guest off
$ bash rot
| a bit of the last block is another one
$ guest start
$ guest run 'cp /opt/given/packaging/systemd/*.service /etc/systemd/system/; systemctl daemon-reload; systemctl start sallyport-gate
> until [ -e /var/lib/sallyport/run/gate.json ]; do sleep 0.1; done; sallyport node gate status --root /var/lib/sallyport --json'
json .result.mode "enforce"

$ guest run 'bash execute active/tree/bin/large'
| it ran; the gate read less than a tenth of it
$ guest run 'cat /var/lib/sallyport/active/tree/bin/large >/dev/null'
[exit 1]
stderr 'Input/output error'
$ guest run 'bash execute copy'
| it ran; the gate read all of it
$ guest run 'sallyport node gate status --root /var/lib/sallyport --json'
json .result.denied 0
json .result.late 0
-- rot --
file=/generations/1/tree/bin/large
blocks=$(debugfs -R "stat $file" guest/node.img 2>/dev/null | grep -o 'Size: [0-9]*' | head -n 1)
block=$(debugfs -R "bmap $file $(((${blocks#Size: } - 1) / 4096))" guest/node.img 2>/dev/null)
python3 - "$block" <<'PYTHON'
import sys
with open("guest/node.img", "r+b") as disk:
    disk.seek(int(sys.argv[1]) * 4096)
    byte = disk.read(1)
    disk.seek(-1, 1)
    disk.write(bytes([byte[0] ^ 1]))
PYTHON
echo "a bit of the last block is another one"
-- execute --
cd /var/lib/sallyport
gate_read() { cat /sys/fs/cgroup/system.slice/sallyport-gate.service/cgroup.procs | sed 's,.*,/proc/&/io,' | xargs grep -h ^rchar | awk '{ n += $2 } END { print n }'; }
size=$(stat -Lc %s "$1") before=$(gate_read)
"./$1" 0 || exit 1
read_bytes=$(($(gate_read) - before))
if [ $((read_bytes * 10)) -lt "$size" ]; then echo "it ran; the gate read less than a tenth of it"
elif [ "$read_bytes" -ge "$size" ]; then echo "it ran; the gate read all of it"
else echo "it ran; the gate read $read_bytes of $size bytes"; fi
