# An engine of another make, behind the protocol of docs/spec/scanner.md, looks as well; two that disagree are both recorded (H13).
use packages
$ clamd_here && echo --policy policy.json --key file:intake.key --clamd clamd/clamd.sock >args
> for s in good blind silent; do python3 engine.py $s.sock $s >/dev/null 2>&1 & done
> for s in good blind silent; do for _ in $(seq 200); do if [ -S $s.sock ]; then break; fi; sleep 0.05; done; done
$ sallyport intake submit 1.csar $(cat args) --engine good.sock -o 1.verdict
stdout 'outcome      clean'
stdout 'engine       other, Other 3.1'
$ sallyport verify 1.verdict --policy policy.json
stdout 'scan coverage other: 10 files'
$ cp -r tree marked && echo 'abracadabra' | gzip -c >marked/notes.gz && package marked marked 4
> refuses 3 malware-found intake submit marked.csar $(cat args) --engine good.sock -o marked.verdict
$ sallyport intake show marked.verdict --policy policy.json
stdout 'malware-found notes.gz'
stdout 'Spell (clamd says clean, archives says clean)'
# One that hangs up, one that is not there, and two of one name.
$ try() { refuses "$1" "$2" intake submit 2.csar $(cat args) "${@:3}" -o 2.verdict; }
> try 1 scanner-failed --engine silent.sock && try 5 scanner-unreachable --engine none.sock
> try 2 usage-error --engine good.sock --engine good.sock && ! test -e 2.verdict
# One that does not find the test file has said nothing: a verdict, and not a clean one.
$ refuses 1 scanner-failed intake submit 2.csar $(cat args) --engine blind.sock -o 2.verdict && sallyport intake show 2.verdict --policy policy.json
stdout 'scanner-failed other'
-- engine.py --
import datetime, json, socket, struct, sys, threading
name, kind = sys.argv[1], sys.argv[2]
word = b"" if kind == "blind" else b"abracadabra"
eicar = (b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-" + b"STANDARD-ANTIVIRUS-TEST-FILE!$H+H*") if word else b"\0none\0"
server = socket.socket(socket.AF_UNIX)
server.bind(name)
server.listen(64)


def exactly(stream, size):
    data = stream.read(size)
    if len(data) != size:
        raise EOFError
    return data


def answer(connection, value):
    connection.sendall(json.dumps(value).encode() + b"\0")


def serve(connection):
    stream = connection.makefile("rb")
    command = b""
    while not command.endswith(b"\0"):
        command += exactly(stream, 1)
    if command == b"sallyport-engine/1 info\0":
        return answer(connection, {"engine": "other", "version": "Other 3.1", "database": "1",
                                   "database_time": time_of_database})
    content = b""
    while size := struct.unpack(">I", exactly(stream, 4))[0]:
        content += exactly(stream, size)
    if kind == "silent":
        return None
    if eicar in content:
        return answer(connection, {"result": "found", "detail": "Eicar"})
    if word and word in content:
        return answer(connection, {"result": "found", "detail": "Spell"})
    return answer(connection, {"result": "clean", "detail": ""})


def run(connection):
    try:
        with connection:
            serve(connection)
    except (OSError, EOFError):
        pass


time_of_database = (datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
while True:
    threading.Thread(target=run, args=(server.accept()[0],), daemon=True).start()
