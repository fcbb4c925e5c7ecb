# H03: a scanner that is gone or is none gives no verdict at all; one that knows nothing gives one that is not clean.
use packages
$ refuses 5 scanner-unreachable intake submit 1.csar --policy policy.json --key file:intake.key --clamd clamd/clamd.sock -o 1.verdict
$ clamd_here && clamd_gone
> refuses 5 scanner-unreachable intake submit 1.csar --policy policy.json --key file:intake.key --clamd clamd/clamd.sock -o 1.verdict
# A database that does not even have the EICAR test file.
$ sed 's/^echo "Eicar-Test-Signature:.*/echo "Nothing:0:*:6e6f7468696e67" >"$dir\/database\/empty.ndb"/' "$REPO/tools/demo/clamd" >blind_clamd
> chmod +x blind_clamd && rm -rf clamd && (./blind_clamd "$PWD/clamd" >clamd.out 2>&1 & echo $! >clamd.pid)
> for _ in $(seq 200); do if [ -S clamd/clamd.sock ]; then break; fi; sleep 0.05; done
> refuses 1 scanner-failed intake submit 1.csar --policy policy.json --key file:intake.key --clamd clamd/clamd.sock -o blind.verdict
> sallyport intake show blind.verdict --policy policy.json
stdout 'outcome      not-clean'
stdout 'scanner-failed clamd'
$ refuses 3 verdict-not-clean verify blind.verdict --policy policy.json
# Something that says OK to everything.
$ python3 yes.py & for _ in $(seq 200); do if [ -S yes.sock ]; then break; fi; sleep 0.05; done
> refuses 1 scanner-failed intake submit 1.csar --policy policy.json --key file:intake.key --clamd yes.sock -o 1.verdict
$ ls ./*.verdict
| ./blind.verdict
-- yes.py --
import socket
server = socket.socket(socket.AF_UNIX)
server.bind("yes.sock")
server.listen()
while True:
    connection, _ = server.accept()
    connection.recv(1 << 16)
    try:
        connection.sendall(b"stream: OK\0")
        connection.close()
    except OSError:
        pass
