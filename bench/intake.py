# SPDX-License-Identifier: Apache-2.0
"""Intake beside the scanner alone: the same contents handed to the same clamd by as many connections, with nothing
verified, decoded or signed. And the next release, of which 98 % are known, with the cache of the first one."""
import array
import os
import queue
import resource
import shutil
import socket
import threading
import time

CONNECTIONS = 2
CHANGED = 50  # one file of so many is another one in the next release


def scan(address, paths):
    """clamd's own protocol, a descriptor for each file (IDSESSION, FILDES); how many were called clean."""
    clean = 0
    with socket.socket(socket.AF_UNIX) as clamd:
        clamd.connect(address)
        clamd.sendall(b"zIDSESSION\0")
        answers = clamd.makefile("rb")
        for path in iter(paths.get, None):
            with open(path, "rb") as file:
                clamd.sendall(b"zFILDES\0")
                clamd.sendmsg([b"\0"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [file.fileno()]))])
                answer = b""
                while not answer.endswith(b"\0"):
                    answer += answers.read(1)
            clean += answer.endswith(b": OK\0")
        clamd.sendall(b"zEND\0")
    return clean


class IntakeWorld:
    def __init__(self, world, work):
        self.world, self.work = world, os.path.join(work, "intake")
        self.verdicts = 0
        shutil.rmtree(self.work, ignore_errors=True)
        os.makedirs(self.work)

    def at(self, name):
        return os.path.join(self.work, name)

    def files(self, tree):
        return [os.path.join(folder, name) for folder, _, names in os.walk(tree) for name in names]

    def clamd_alone(self):
        address, paths = self.world.start_clamd(), queue.Queue()
        files = self.files(self.world.tree)
        for path in [*files, *[None] * CONNECTIONS]:
            paths.put(path)
        clean, threads = [], []
        begin = time.monotonic()
        for _ in range(CONNECTIONS):
            threads.append(threading.Thread(target=lambda: clean.append(scan(address, paths))))
            threads[-1].start()
        for thread in threads:
            thread.join()
        wall = time.monotonic() - begin
        if sum(clean) != len(files):
            raise RuntimeError(f"clamd called {sum(clean)} of {len(files)} files clean")
        return wall, resource.getrusage(resource.RUSAGE_SELF).ru_utime

    def submit(self, package, *words):
        world = self.world
        policy, address = world.ready(), world.start_clamd()
        self.verdicts += 1
        return world.call("intake", "submit", package, "--policy", policy, "--key", world.key("intake"),
                          "--clamd", address, "-o", self.at(f"{self.verdicts}.verdict"), *words)

    def first(self):
        """Nothing is known."""
        cache = self.at("cache")
        shutil.rmtree(cache, ignore_errors=True)
        os.makedirs(cache)
        return self.submit(self.world.package, "--cache", cache)

    def without_cache(self):
        self.world.ready()
        return self.submit(self.world.package)

    def next_release(self):
        package, tree = self.at("next.csar"), self.at("tree")
        if os.path.exists(package):
            return package
        shutil.copytree(self.world.tree, tree, symlinks=True)
        for path in sorted(self.files(tree))[::CHANGED]:
            with open(path, "ab") as out:
                out.write(b"\nnext release\n")
        self.world.call("package", "build", "--from", tree, "--name", "bench", "--version", "2", "--product", "bench",
                        "--counter", "2", "-o", package)
        self.world.call("package", "sign", package, "--key", f"file:{self.world.at('vendor.key')}",
                        "--cert", self.world.at("leaf.pem"))
        return package

    def second(self):
        """The cache is as the first release has left it, each time."""
        if not os.path.exists(self.at("known")):
            self.first()
            shutil.copytree(self.at("cache"), self.at("known"))
        package, cache = self.next_release(), self.at("used")
        shutil.rmtree(cache, ignore_errors=True)
        shutil.copytree(self.at("known"), cache)
        return self.submit(package, "--cache", cache)
