# Where the file system has fs-verity the kernel keeps what was installed: nobody writes to it, and what rots or is changed on the
# raw device is not read, let alone run; the node says so, and the next installation writes it anew (RO-2, M13).
use services
needs qemu-system-x86_64 qemu-img swtpm debugfs fsverity root
$ guest start
$ guest run 'sallyport node init --root /var/lib/sallyport --policy policy.json --node node-1 --pool pool-1'
$ guest run 'sallyport node install 1.csar --verdict 1.verdict --order 1.order --root /var/lib/sallyport'
$ guest run 'sallyport node stop --root /var/lib/sallyport'

# What the kernel measures is what the vendor signed.
$ fsverity digest tree/bin/sleep | cut -d ' ' -f 1 >signed
$ guest run 'fsverity measure /var/lib/sallyport/active/tree/bin/sleep' | cut -d ' ' -f 1 | diff - signed
$ guest run 'find /var/lib/sallyport/objects /var/lib/sallyport/active/tree -type f -print0 | xargs -0 -n 1 fsverity measure >/dev/null'

$ guest run 'printf x >>/var/lib/sallyport/active/tree/bin/sleep'
[exit 1]
stderr 'Operation not permitted'
$ guest run 'truncate -s 1 /var/lib/sallyport/active/tree/release'
[exit 1]
stderr 'Operation not permitted'

# One bit, on the device below.
$ guest off
$ bash rot bin/sleep
| a bit is another one
$ guest start
$ guest run 'cat /var/lib/sallyport/active/tree/bin/sleep'
[exit 1]
stderr 'Input/output error'
$ guest run 'sallyport node verify --root /var/lib/sallyport --json'
[exit 1]
json .error.code "io-failed"
json .error.where "generations/1/tree/bin/sleep"
$ guest run 'grep -c "\"activity\":\"node-verify\",\"outcome\":\"fault\",\"code\":\"io-failed\"" /var/lib/sallyport/events.jsonl'
| 1
$ guest run 'sallyport node start --root /var/lib/sallyport --json'
[exit 1]
json .error.code "io-failed"
$ guest run '! pgrep -f "^/bin/sleep 600"'

$ guest run 'sallyport node install 2.csar --verdict 2.verdict --order 2.order --root /var/lib/sallyport --json'
json .result.generation 2
$ guest run 'sallyport node verify --root /var/lib/sallyport >/dev/null; pgrep -f "^/bin/sleep 600" | wc -l'
| 1
-- rot --
block=$(debugfs -R "bmap /generations/1/tree/$1 0" guest/node.img 2>/dev/null)
python3 - "$block" <<'PYTHON'
import sys
with open("guest/node.img", "r+b") as disk:
    disk.seek(int(sys.argv[1]) * 4096 + 100)
    byte = disk.read(1)
    disk.seek(-1, 1)
    disk.write(bytes([byte[0] ^ 1]))
PYTHON
echo "a bit is another one"
