# A server with a cache shows its engines what is new; a cache that cannot be believed is none, and no fault of a package.
use server
$ clamd_here
> python3 engine.py >/dev/null 2>&1 &
> for _ in $(seq 200); do if [ -S engine.sock ]; then break; fi; sleep 0.05; done; mkdir -m 700 server/scans
> server_config "$(free_port)" "s['engines'] = [here + '/engine.sock']; s['cache'] = here + '/server/scans'" >sallyportd.json && sallyportd --config sallyportd.json --check | grep cache | sed "s#$PWD/##" && server_here
| ok      cache server/scans
$ stat -c %s tree/bin/demo >size && for n in 1 2; do uploaded $n.csar >id && settled "$(cat id)" | grep -o '"onboardingState":"ONBOARDED"'; done
| "onboardingState":"ONBOARDED"
| "onboardingState":"ONBOARDED"
# The program is in both.
$ grep -cx "$(cat size)" shown
| 1
$ ls server/scans | wc -l
| 3
# Somebody writes into the folder: all is looked at once more.
$ for f in server/scans/*; do printf 'X' | dd of="$f" bs=1 seek="$(($(stat -c %s "$f") - 1))" conv=notrunc status=none; done
> uploaded 3.csar >id && settled "$(cat id)" | grep -o '"onboardingState":"ONBOARDED"' && grep -cx "$(cat size)" shown
| "onboardingState":"ONBOARDED"
| 2
-- engine.py --
import datetime, json, socket, struct, threading
eicar = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-" + b"STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
server = socket.socket(socket.AF_UNIX)
server.bind("engine.sock")
server.listen(64)
hour_ago = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(hours=1)
about = {"engine": "other", "version": "Other 3.1", "database": "1", "database_time": hour_ago.strftime("%Y-%m-%dT%H:%M:%SZ")}


def serve(connection):
    with connection:
        stream = connection.makefile("rb")
        command = b""
        while not command.endswith(b"\0"):
            command += stream.read(1)
        answer = about
        if command != b"sallyport-engine/1 info\0":
            content = b""
            while size := struct.unpack(">I", stream.read(4))[0]:
                content += stream.read(size)
            answer = {"result": "found", "detail": "Eicar"} if eicar in content else {"result": "clean", "detail": ""}
            with open("shown", "a") as out:
                out.write(f"{len(content)}\n")
        connection.sendall(json.dumps(answer).encode() + b"\0")


while True:
    threading.Thread(target=serve, args=(server.accept()[0],), daemon=True).start()
