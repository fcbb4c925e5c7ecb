# SPDX-License-Identifier: Apache-2.0
"""Our side of the benchmark: keys, policy, verdict, order and nodes, made with the commands that users have."""
import hashlib
import os
import shutil
import subprocess
import time

SIGNATURES = 100000


class World:
    def __init__(self, work, tree, binary, run):
        self.path = os.path.join(work, "sallyport")
        self.tree, self.binary, self.run = tree, binary, run
        self.package = self.at("bench.csar")
        self.clamd = None
        self.nodes = 0
        shutil.rmtree(self.path, ignore_errors=True)
        os.makedirs(self.path)

    def at(self, name):
        return os.path.join(self.path, name)

    def call(self, *words):
        return self.run([self.binary, *words])

    def key(self, name):
        path = self.at(name + ".key")
        if not os.path.exists(path):
            self.call("key", "create", "-o", path)
        return f"file:{path}"

    def certificate(self):
        """A CA and a code-signing certificate for a P-256 key; the CA is the vendor's affair, so openssl's."""
        if os.path.exists(self.at("leaf.pem")):
            return
        self.call("key", "create", "--type", "p256", "-o", self.at("vendor.key"))
        key = f"file:{self.at('vendor.key')}"
        self.call("key", "csr", "--key", key, "--cn", "Bench", "-o", self.at("vendor.csr"))
        self.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                  "-days", "30", "-subj", "/CN=Bench root", "-keyout", self.at("root.key"), "-out", self.at("root.pem"),
                  "-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign"])
        with open(self.at("leaf.ext"), "w", encoding="utf-8") as out:
            out.write("basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\n"
                      "extendedKeyUsage=codeSigning\n")
        self.run(["openssl", "x509", "-req", "-in", self.at("vendor.csr"), "-CA", self.at("root.pem"),
                  "-CAkey", self.at("root.key"), "-set_serial", "2", "-days", "30", "-extfile", self.at("leaf.ext"),
                  "-out", self.at("leaf.pem")])

    def build(self):
        self.certificate()
        if os.path.exists(self.package):
            os.remove(self.package)
        built = self.call("package", "build", "--from", self.tree, "--name", "bench", "--version", "1",
                          "--product", "bench", "--counter", "1", "-o", self.package)
        signed = self.call("package", "sign", self.package, "--key", f"file:{self.at('vendor.key')}",
                           "--cert", self.at("leaf.pem"))
        return built[0] + signed[0], built[1] + signed[1]

    def policy(self):
        if not os.path.exists(self.at("policy.json")):
            persons = ["alice", "bob", "carol"]
            for name in [*persons, "intake"]:
                self.key(name)
            words = ["policy", "init", "--name", "Bench", "--source", f"bench:bench:{self.at('root.pem')}",
                     "--intake", f"intake:{self.at('intake.key.pub')}", "--pool", "bench:bench:node-1",
                     "--approvals", "2", "--propose", "operations", "--approve", "operations",
                     "-o", self.at("policy.json")]
            for name in persons:
                words += ["--person", f"{name}:operations:{self.at(name + '.key.pub')}"]
            self.call(*words)
        return self.at("policy.json")

    def ready(self):
        """A signed package and its policy."""
        if not os.path.exists(self.package):
            self.build()
        return self.policy()

    def verify(self):
        policy = self.ready()
        return self.call("verify", self.package, "--policy", policy)

    def start_clamd(self):
        """One for the whole run; a folder that another one left behind would keep it from its socket."""
        folder = self.at("clamd")
        if self.clamd and self.clamd.poll() is None:
            return f"{folder}/socket"
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(os.path.join(folder, "database"), exist_ok=True)
        eicar = "X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + "EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
        with open(os.path.join(folder, "database", "own.ndb"), "w", encoding="ascii") as out:
            out.write(f"Test.Eicar:0:0:{eicar.encode().hex()}\n")
            # What a scanner costs is its patterns; these are in no file. One without any is used by nobody.
            for number in range(SIGNATURES):
                out.write(f"Test.Bench-{number}:0:*:{hashlib.sha256(str(number).encode()).hexdigest()}\n")
        with open(os.path.join(folder, "clamd.conf"), "w", encoding="ascii") as out:
            out.write(f"DatabaseDirectory {folder}/database\nLocalSocket {folder}/socket\nTemporaryDirectory {folder}\n"
                      "Foreground yes\nAlertExceedsMax yes\nAlertEncrypted yes\nStreamMaxLength 2000M\n"
                      "MaxFileSize 2000M\n"
                      "MaxScanSize 4000M\nMaxScanTime 0\nMaxFiles 1000000\nMaxRecursion 30\n")
        self.clamd = subprocess.Popen(["clamd", "-c", f"{folder}/clamd.conf"], stdin=subprocess.DEVNULL,
                                      stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(300):
            if os.path.exists(f"{folder}/socket") or self.clamd.poll() is not None:
                break
            time.sleep(0.1)
        return f"{folder}/socket"

    def order(self):
        """The verdict of a real scanner and an order by two persons, once; each new node can use them."""
        policy = self.ready()
        if os.path.exists(self.at("order")):
            return policy
        self.call("intake", "submit", self.package, "--policy", policy, "--key", self.key("intake"),
                  "--clamd", self.start_clamd(), "-o", self.at("verdict"))
        self.close()
        self.call("deploy", "propose", self.package, "--verdict", self.at("verdict"), "--policy", policy,
                  "--pool", "bench", "--as", "alice", "--key", self.key("alice"), "--reason", "benchmark",
                  "-o", self.at("order"))
        for name in ["bob", "carol"]:
            self.call("deploy", "approve", self.at("order"), "--policy", policy, "--as", name,
                      "--key", self.key(name))
        return policy

    def install(self):
        """Into a node that is new each time: durable when the command returns."""
        policy = self.order()
        self.nodes += 1  # never where another one was deleted: see Peers.fresh
        root = self.at(f"node{self.nodes}")
        self.call("node", "init", "--root", root, "--policy", policy, "--node", "node-1", "--pool", "bench")
        os.sync()
        return self.call("node", "install", self.package, "--verdict", self.at("verdict"),
                         "--order", self.at("order"), "--root", root)

    def node_verify(self):
        if self.nodes == 0:
            self.install()
        return self.call("node", "verify", "--root", self.at(f"node{self.nodes}"))

    def close(self):
        if self.clamd:
            self.clamd.terminate()
            self.clamd.wait()
            self.clamd = None
