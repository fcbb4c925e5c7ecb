# The server is killed at the calls that make an upload durable, one after the other: what it has told is there for the next server, and the whole is what was sent.
use server
needs strace
patience 600
$ server_config "$(free_port)" 's["workers"] = 0' >sallyportd.json && python3 kill_at.py
stdout 'nothing was lost'
! stdout 'at 0 places'
-- kill_at.py --
import glob, hashlib, http.client, json, os, shutil, socket, sqlite3, ssl, subprocess, time

CALLS = ["fsync", "renameat", "linkat", "unlinkat"]
DATA = bytes(i * i % 251 for i in range(300000))
PARTS = [(0, 100000), (100000, 150000), (250000, 50000)]
config = json.load(open("sallyportd.json"))
host, port = config["listen"].rsplit(":", 1)
context = ssl.create_default_context(cafile="web.tls.pem")
context.load_cert_chain("vendor.tls.pem", "vendor.tls.key")


def start(*before):
    server = subprocess.Popen([*before, "sallyportd", "--config", "sallyportd.json"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while server.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex((host, int(port))) == 0:
                break
        time.sleep(0.02)
    return server


def ask(method, path, body=None, **headers):
    """The answer; None where the server died before it."""
    connection = http.client.HTTPSConnection(host, int(port), context=context, timeout=60)
    try:
        connection.request(method, path, body, {"Version": "2.0.0", **{k.replace("_", "-"): v for k, v in headers.items()}})
        answer = connection.getresponse()
        answer.text = answer.read().decode()
        return answer
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def put(package, at, size):
    return ask("PUT", f"/vnfpkgm/v2/vnf_packages/{package}/package_content", DATA[at:at + size], Content_Type="application/zip",
               Content_Range=f"bytes {at}-{at + size - 1}/{len(DATA)}")


def upload_until_killed():
    """The package, and how much of it was acknowledged."""
    answer = ask("POST", "/vnfpkgm/v2/vnf_packages", b"{}", Content_Type="application/json")
    if answer is None:
        return None, 0
    package, told = json.loads(answer.text)["id"], 0
    for at, size in PARTS:
        answer = put(package, at, size)
        if answer is None:
            break
        assert answer.status == (202 if at + size == len(DATA) else 204), answer.text
        told = at + size
    return package, told


def go_on(package, told):
    db = sqlite3.connect("server/server.db")
    db.execute("UPDATE packages SET held_until = strftime('%s', 'now')")  # as if two minutes had passed
    db.commit()
    state, = db.execute("SELECT state FROM packages WHERE id = ?", (package,)).fetchone()
    if state != "PROCESSING":
        assert told < len(DATA), "what was taken is not there"
        answer = ask("GET", f"/api/v1/packages/{package}/upload")
        offset = json.loads(answer.text)["offset"]
        assert offset >= told, f"{told} were acknowledged, {offset} are there"
        answer = put(package, offset, len(DATA) - offset)
        assert answer.status == 202, answer.text
    digest, = db.execute("SELECT content FROM packages WHERE id = ?", (package,)).fetchone()
    assert digest == hashlib.sha256(DATA).hexdigest(), (state, told)
    files = glob.glob(f"server/data/content/{package}.*") or [f"server/data/uploads/{package}.csar"]
    assert open(files[0], "rb").read() == DATA, (state, told, files)


def killed_at(call, when):
    shutil.rmtree("server")
    for folder in ("server", "server/data", "server/audit"):
        os.mkdir(folder, 0o700)
    server = start("strace", "-D", "-f", "-o", "/dev/null", "-e", f"trace={call}", "-e", f"inject={call}:signal=KILL:when={when}")
    package, told = upload_until_killed()
    killed = server.poll() is not None or package is None or told < len(DATA)
    if not killed:
        server.terminate()
    server.wait()
    if package is not None:
        following = start()
        go_on(package, told)
        following.terminate()
        following.wait()
    return killed


# strace counts the calls of each thread for itself, and which one answers is chance: several rounds meet more places.
places = 0
for _ in range(3):
    for call in CALLS:
        for when in range(1, 8):
            places += killed_at(call, when)
print(f"killed at {places} places: nothing was lost")
