# The gate tells the service manager that it is there only when the ways were tried that the policy names. One that goes on where another
# one was killed does not end because of a way that is open: its end would open all of them. M42
use services
needs unshare root cgroup2
$ edited policy.json 'p["pools"][0]["gate"] = {"mode": "enforce"}' >p && mv p policy.json
$ unshare -m bash guarded
| ready; the ways were tried: 9
| kept: gate-lock, gate-terms-1, gate-watch
| all killed, with a way past it: who asks waits
| ready again; gate-hole-open
| a stray program: Operation not permitted
| a service is not started: gate-hole-open
| given up by the manager: runs
-- guarded --
mkdir own && mount -t tmpfs -o size=200m none own
sallyport node init --root own/node --policy policy.json --node node-1 --pool pool-1 >/dev/null
cp /bin/sleep own/stray && echo >>own/stray
timeout --signal=KILL 120 python3 manager
-- manager --
import array, json, os, signal, socket, subprocess, time

NODE = "own/node"
notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
notify.bind(os.path.abspath("notify"))
notify.settimeout(60)
kept = {}


def start():
    pid = os.fork()
    if pid:
        return pid
    env = dict(os.environ, NOTIFY_SOCKET=os.path.abspath("notify"))
    if kept:
        numbers = [os.dup(fd) for fd in kept.values()]
        high = [os.dup2(fd, 100 + i) for i, fd in enumerate(numbers)]
        for i, fd in enumerate(high):
            os.dup2(fd, 3 + i)
        env.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS=str(len(kept)), LISTEN_FDNAMES=":".join(kept))
    silence = os.open("gate.out", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(silence, 1), os.dup2(silence, 2)
    os.execvpe("sallyport", ["sallyport", "node", "gate", "run", "--root", NODE], env)


def await_ready():
    while True:
        text, passed, _, _ = notify.recvmsg(4096, socket.CMSG_SPACE(4))
        fds = array.array("i")
        for _, _, data in passed:
            fds.frombytes(data[:4])
        if fds:
            name = [l for l in text.decode().split("\n") if l.startswith("FDNAME=")][0][7:]
            kept[name] = fds[0]
        if b"READY=1" in text:
            return


def result(*words):
    done = subprocess.run(["sallyport", *words, "--root", NODE, "--json"], capture_output=True)
    return json.loads(done.stdout)


def tries():
    try:
        subprocess.run(["own/stray", "0"], check=True, timeout=20)
        return "runs"
    except OSError as e:
        return e.strerror


gate = start()
await_ready()
status = json.load(open(NODE + "/run/gate.json"))
print("ready; the ways were tried:", len(status["holes"]))
print("kept:", ", ".join(sorted(kept)))
os.makedirs(NODE + "/run/probe")
subprocess.run(["mount", "-t", "tmpfs", "none", NODE + "/run/probe"], check=True)
children = open(f"/proc/{gate}/task/{gate}/children").read().split()
for pid in [gate, *map(int, children)]:
    os.kill(pid, signal.SIGKILL)
os.waitpid(gate, 0)
waiting = subprocess.Popen(["python3", "-c", f"open('{NODE}/node.json').read()"])
time.sleep(0.5)
print("all killed, with a way past it: who asks", "waits" if waiting.poll() is None else "does not wait")
gate = start()
await_ready()
waiting.wait(30)
print("ready again;", ", ".join(result("node", "gate", "status")["result"]["alarms"]))
print("a stray program:", tries())
print("a service is not started:", result("node", "run", "demo")["error"]["code"])
os.kill(gate, signal.SIGTERM)
os.waitpid(gate, 0)
for fd in kept.values():
    os.close(fd)
print("given up by the manager:", tries())
subprocess.run(["umount", NODE + "/run/probe"])
