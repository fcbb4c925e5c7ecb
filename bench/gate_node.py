# SPDX-License-Identifier: Apache-2.0
"""A node with its gate, on a file system of its own, for bench/gate.py and tests/crash/gate_crash: a release of two
little programs, and files beside it that are listed or not. Mounts in the mount namespace of whoever uses it."""
import os
import shutil
import signal
import subprocess
import time

from world import World

SOURCE = "int main() { return 0; }\n"


class GateNode:
    """`make` mounts a file system at a folder that exists."""

    def __init__(self, work, binary, run, make):
        self.tree = os.path.join(work, "tree")
        os.makedirs(os.path.join(self.tree, "bin"))
        self.compile("static", "-static")
        self.compile("dynamic")
        self.world = World(work, self.tree, binary, run)
        self.binary, self.mount = binary, os.path.join(work, "mount")
        os.mkdir(self.mount)
        make(self.mount)
        self.root = os.path.join(self.mount, "node")
        self.gate = None
        self.install()

    def compile(self, name, *options):
        subprocess.run(["g++", "-O1", "-x", "c++", *options, "-o", os.path.join(self.tree, "bin", name), "-"],
                       input=SOURCE.encode(), check=True)

    def install(self):
        world = self.world
        policy = world.order()
        world.call("node", "init", "--root", self.root, "--policy", policy, "--node", "node-1", "--pool", "bench")
        world.call("node", "install", world.package, "--verdict", world.at("verdict"), "--order", world.at("order"),
                   "--root", self.root)

    def upgrade(self):
        """A second release: the first one and one program more, "more"."""
        world, package = self.world, self.world.at("2.csar")
        with open(os.path.join(self.tree, "bin", "static"), "rb") as program:
            content = program.read() + b"2"
        with open(os.path.join(self.tree, "bin", "more"), "wb") as out:
            out.write(content)
        os.chmod(os.path.join(self.tree, "bin", "more"), 0o755)
        policy, verdict, order = world.policy(), world.at("2.verdict"), world.at("2.order")
        world.call("package", "build", "--from", self.tree, "--name", "bench", "--version", "2", "--product", "bench",
                   "--counter", "2", "-o", package)
        world.call("package", "sign", package, "--key", f"file:{world.at('vendor.key')}",
                   "--cert", world.at("leaf.pem"))
        world.call("intake", "submit", package, "--policy", policy, "--key", world.key("intake"),
                   "--clamd", world.start_clamd(), "-o", verdict)
        world.close()
        world.call("deploy", "propose", package, "--verdict", verdict, "--policy", policy, "--pool", "bench",
                   "--as", "alice", "--key", world.key("alice"), "--reason", "benchmark", "-o", order)
        for name in ["bob", "carol"]:
            world.call("deploy", "approve", order, "--policy", policy, "--as", name, "--key", world.key(name))
        world.call("node", "install", package, "--verdict", verdict, "--order", order, "--root", self.root)

    def roll_back(self):
        self.world.call("node", "rollback", "--root", self.root)

    def program(self, name):
        return os.path.join(self.root, "active", "tree", "bin", name)

    def copy(self, name, target, more=b""):
        """The program at another place of the same file system; with something appended it is another file."""
        path = os.path.join(self.mount, target)
        shutil.copyfile(os.path.join(self.tree, "bin", name), path)
        if more:
            with open(path, "ab") as out:
                out.write(more)
        os.chmod(path, 0o755)
        return path

    def start(self):
        self.gate = subprocess.Popen([self.binary, "node", "gate", "run", "--root", self.root],
                                     stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(200):
            if self.status().returncode == 0:
                return
            time.sleep(0.05)
        raise RuntimeError("the gate does not start")

    def status(self):
        return subprocess.run([self.binary, "node", "gate", "status", "--root", self.root, "--json"],
                              capture_output=True, text=True, check=False)

    def stop(self, process=None):
        """Ends the gate, by its custodian."""
        process = process or (self.gate.pid if self.gate else None)
        if process:
            os.kill(process, signal.SIGTERM)
        if self.gate:
            self.gate.wait()
        self.gate = None

    def close(self):
        self.world.close()
        subprocess.run(["umount", "-l", self.mount], check=False)
