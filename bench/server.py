# SPDX-License-Identifier: Apache-2.0
"""sallyportd beside nginx and a copy: pages of a list of 10,000 packages, one after the other and by wrk, and an
upload."""
import hashlib
import http.client
import json
import os
import shutil
import socket
import ssl
import statistics
import subprocess
import time

PACKAGES = 10000
REQUESTS = 1000
VERSION = {"Version": "2.0.0"}
LIST = "/vnfpkgm/v2/vnf_packages"
CONNECTIONS, SECONDS = 32, 10
# Beside the files, a way in for wrk, which has no certificate to show: connections are passed on one for one.
NGINX = """load_module /usr/lib/nginx/modules/ngx_stream_module.so;
daemon off; worker_processes 1; pid {here}/nginx.pid; error_log {here}/nginx.log;
events {{}}
stream {{
  proxy_ssl on; proxy_ssl_certificate {here}/vendor.pem; proxy_ssl_certificate_key {here}/vendor.key;
  server {{ listen 127.0.0.1:{ours}; proxy_pass 127.0.0.1:{server}; }}
  server {{ listen 127.0.0.1:{theirs}; proxy_pass 127.0.0.1:{port}; }}
}}
http {{
  access_log off;
  server {{
    listen 127.0.0.1:{port} ssl; root {here}/static; default_type application/json; keepalive_requests 1000000;
    ssl_certificate {here}/web.pem; ssl_certificate_key {here}/web.key;
    ssl_client_certificate {here}/authority.pem; ssl_verify_client on;
  }}
}}
"""


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class ServerWorld:
    def __init__(self, world, work, binary):
        self.world, self.here, self.binary = world, os.path.join(work, "server"), f"{binary}d"
        self.processes = []
        self.port = self.static_port = None
        self.ways = {}  # port to the port through which wrk reaches it
        self.pages = []
        shutil.rmtree(self.here, ignore_errors=True)
        for name in ("data", "audit", "static"):
            os.makedirs(self.at(name), mode=0o755 if name == "static" else 0o700)
        os.chmod(self.here, 0o755)

    def at(self, name):
        return os.path.join(self.here, name)

    def certificates(self):
        curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
        self.world.run(["openssl", "req", "-x509", *curve, "-days", "2", "-subj", "/CN=clients",
                        "-keyout", self.at("authority.key"), "-out", self.at("authority.pem")])
        self.world.run(["openssl", "req", "-x509", *curve, "-days", "2", "-subj", "/CN=server", "-addext",
                        "subjectAltName=IP:127.0.0.1", "-keyout", self.at("web.key"), "-out", self.at("web.pem")])
        self.world.run(["openssl", "req", "-new", *curve, "-subj", "/CN=vendor",
                        "-keyout", self.at("vendor.key"), "-out", self.at("vendor.csr")])
        self.world.run(["openssl", "x509", "-req", "-in", self.at("vendor.csr"), "-CA", self.at("authority.pem"),
                        "-CAkey", self.at("authority.key"), "-days", "2", "-out", self.at("vendor.pem")])

    def settings(self):
        with open(self.at("vendor.pem"), encoding="ascii") as file:
            fingerprint = hashlib.sha256(ssl.PEM_cert_to_DER_cert(file.read())).hexdigest()
        return {"listen": f"127.0.0.1:{self.port}", "certificate": self.at("web.pem"), "key": self.at("web.key"),
                "client_authorities": self.at("authority.pem"), "database": f"sqlite:{self.at('server.db')}",
                "data": self.at("data"), "audit": self.at("audit"), "policy": self.world.ready(),
                "intake_key": self.world.key("intake"), "clamd": self.at("no-clamd"), "workers": 0,
                "limits": {"requests_a_minute_max": 1000000},
                "accounts": [{"name": "vendor", "roles": ["submitter"], "certificates": [fingerprint]}]}

    def start(self, *command):
        self.processes.append(subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                               stderr=subprocess.DEVNULL))

    def connection(self, port):
        context = ssl.create_default_context(cafile=self.at("web.pem"))
        context.load_cert_chain(self.at("vendor.pem"), self.at("vendor.key"))
        for _ in range(100):
            try:
                connection = http.client.HTTPSConnection("127.0.0.1", port, context=context, timeout=120)
                connection.connect()
                return connection
            except OSError:
                time.sleep(0.05)
        raise RuntimeError("nobody listens")

    @staticmethod
    def ask(connection, method, path, body=None, **headers):
        connection.request(method, path, body, {**VERSION, **headers})
        answer = connection.getresponse()
        content = answer.read()
        if answer.status >= 300:
            raise RuntimeError(f"{method} {path}: {answer.status} {content[:200]}")
        return answer, content

    def create(self, connection):
        answer, _ = self.ask(connection, "POST", LIST, "{}", **{"Content-Type": "application/json"})
        return answer.headers["Location"].rsplit("/", 1)[1]

    def ready(self):
        if self.port:
            return
        self.certificates()
        self.port, self.static_port = free_port(), free_port()
        self.ways = {self.port: free_port(), self.static_port: free_port()}
        with open(self.at("sallyportd.json"), "w", encoding="utf-8") as out:
            json.dump(self.settings(), out)
        with open(self.at("nginx.conf"), "w", encoding="utf-8") as out:
            out.write(NGINX.format(here=self.here, port=self.static_port, server=self.port, ours=self.ways[self.port],
                                   theirs=self.ways[self.static_port]))
        self.start(self.binary, "--config", self.at("sallyportd.json"))
        self.start("nginx", "-e", self.at("nginx.log"), "-c", self.at("nginx.conf"))

    def fill(self):
        """10,000 packages; each page of the list is also a file for nginx."""
        self.ready()
        if self.pages:
            return
        connection = self.connection(self.port)
        for _ in range(PACKAGES):
            self.create(connection)
        path = LIST
        while path:
            answer, content = self.ask(connection, "GET", path)
            with open(self.at(f"static/{len(self.pages)}"), "wb") as out:
                out.write(content)
            self.pages.append(path)
            link = answer.headers.get("Link", "")
            path = link[link.index("<") + 1:link.index(">")] if 'rel="next"' in link else None
            if path and path.startswith("https://"):
                path = "/" + path.split("/", 3)[3]

    def times(self, port, paths):
        connection, taken = self.connection(port), []
        for number in range(REQUESTS):
            begin = time.perf_counter()
            self.ask(connection, "GET", paths[number % len(paths)])
            taken.append(time.perf_counter() - begin)
        taken.sort()
        return statistics.median(taken), taken[int(len(taken) * 0.99)]

    def lists(self, runs):
        self.fill()
        ours, theirs = [], []
        for _ in range(runs):
            ours.append(self.times(self.port, self.pages))
            theirs.append(self.times(self.static_port, [f"/{n}" for n in range(len(self.pages))]))
        mine, nginx = [[statistics.median(run[i] for run in of) * 1e3 for i in (0, 1)] for of in (ours, theirs)]
        print(f"{'list of 10,000 packages':28} {mine[0]:6.2f} ms p50 {mine[1]:6.2f} ms p99   nginx, the same "
              f"{len(self.pages)} pages as files: {nginx[0]:6.2f} ms p50 {nginx[1]:6.2f} ms p99   "
              f"ratio {mine[1] / nginx[1]:.2f}", flush=True)
        return {"job": "list", "peer": "nginx", "ratio": round(mine[1] / nginx[1], 3), "ours": ours, "theirs": theirs}

    def load_of(self, port, path):
        """Answers a second; none may be another one than 200."""
        said = subprocess.run(["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "-H", "Version: 2.0.0", "--timeout",
                               "20s", f"http://127.0.0.1:{self.ways[port]}{path}"],
                              check=True, capture_output=True, text=True).stdout
        if "Non-2xx" in said or "Socket errors" in said:
            raise RuntimeError(said)
        return float(said.split("Requests/sec:")[1].split()[0])

    def load(self, runs):
        self.fill()
        ours, theirs = [], []
        for _ in range(runs):
            ours.append(self.load_of(self.port, self.pages[0]))
            theirs.append(self.load_of(self.static_port, "/0"))
        mine, nginx = statistics.median(ours), statistics.median(theirs)
        print(f"{f'list, {CONNECTIONS} at once (wrk)':28} {mine:8.0f} pages/s   nginx, the page as a file: "
              f"{nginx:8.0f}/s   ratio {nginx / mine:.2f}", flush=True)
        return {"job": "load", "peer": "nginx", "ratio": round(nginx / mine, 3), "ours": ours, "theirs": theirs}

    def upload(self):
        """The package, until the server says that it has it."""
        self.ready()
        package = self.connection(self.port)
        target = f"https://127.0.0.1:{self.port}{LIST}/{self.create(package)}/package_content"
        return self.world.run(["curl", "-sSf", "--cacert", self.at("web.pem"), "--cert", self.at("vendor.pem"),
                               "--key", self.at("vendor.key"), "-H", "Version: 2.0.0", "-H",
                               "Content-Type: application/zip", "-T", self.world.package, "-o", "/dev/null", target])

    def copy(self):
        self.ready()
        return self.world.run(["dd", f"if={self.world.package}", f"of={self.at('copy')}", "bs=1M", "conv=fsync"])

    def close(self):
        for process in self.processes:
            process.terminate()
            process.wait()
        self.processes = []
