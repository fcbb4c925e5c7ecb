# A server that sends a package byte by byte holds up the download alone: the node can be stopped, changed and returned meanwhile.
needs root
use repository
$ python3 slow.py repo >url 2>served & while ! grep -q . url; do sleep 0.05; done
$ { sallyport node sync "$(cat url)" --root node --pin first-root.json >sync.out 2>&1; echo $? >sync.exit; } & while ! grep -q csar served; do sleep 0.05; done
$ sallyport deploy stop 1.order --policy policy.json --as bob --key file:bob.key --reason 'wrong build' -o 1.stop && sallyport node stop-order 1.stop --root node
stdout 'stop'
$ sallyport node install 1.csar --verdict 1.verdict --order 1.order --root node
[exit 4]
stderr 'order-stopped'
$ installs 2 && active
| 2
# Two downloads into one folder are one too many.
$ sallyport node sync "$(cat url)" --root node
[exit 7]
stderr 'node-busy'
$ test ! -e sync.exit && sallyport node fsck --root node
# The one under way ends as it would have.
$ touch enough && while [ ! -e sync.exit ]; do sleep 0.05; done && cat sync.exit
| 0
$ sallyport node history --root node
stdout 'stop'
-- slow.py --
"""Serves a folder; of a package 2 KiB a second, until the file `enough` is there."""
import http.server, os, sys, time


class Handler(http.server.SimpleHTTPRequestHandler):
    def __init__(self, *arguments):
        super().__init__(*arguments, directory=sys.argv[1])

    def copyfile(self, source, outputfile):
        while part := source.read(512):
            if "csar" in self.path and not os.path.exists("enough"):
                time.sleep(0.25)
            outputfile.write(part)
            outputfile.flush()


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(f"http://127.0.0.1:{server.server_address[1]}", flush=True)
server.serve_forever()
