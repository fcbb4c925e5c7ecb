# Q08: the server has one door. What it and its workers talk through among themselves has no name that somebody else could connect to.
use server
$ server_config "$(free_port)" >sallyportd.json && server_here
$ api 200 monitor GET /healthz >/dev/null && python3 doors.py $(pgrep -P "$(cat server.pid)") "$(cat server.pid)" | sed "s/:$(grep -o '[0-9]*$' server.url)\$/:PORT/"
| tcp 127.0.0.1:PORT
-- doors.py --
import glob, os, re, socket, struct, sys
held = set()
for process in sys.argv[1:]:
    for link in glob.glob(f"/proc/{process}/fd/*"):
        try: held.update(re.findall(r"socket:\[(\d+)\]", os.readlink(link)))
        except OSError: pass
for name in ("tcp", "tcp6", "udp", "udp6"):
    for line in open(f"/proc/net/{name}").read().splitlines()[1:]:
        local, state, inode = line.split()[1], line.split()[3], line.split()[9]
        if inode in held and (state == "0A" or name.startswith("udp")):
            address, port = local.split(":")
            print(name, (socket.inet_ntoa(struct.pack("<I", int(address, 16))) if len(address) == 8 else address) + f":{int(port, 16)}")
for line in open("/proc/net/unix").read().splitlines()[1:]:
    fields = line.split()
    if fields[6] in held and len(fields) > 7:
        print("unix", fields[7])
