# SPDX-License-Identifier: Apache-2.0
"""The client under test in folders of its own, and the table of cases."""
import json
import os
import subprocess
import tempfile
from pathlib import Path

from simulator import TOP, Repository, Server

CASES = []


def case(*parameters):
    """@case() registers one case; @case(("name", value), …) one for each pair."""
    def register(function):
        name = function.__name__.replace("_", " ")
        if not parameters:
            CASES.append((name, function, ()))
        for label, value in parameters:
            CASES.append((f"{name} [{label}]", function, (value,)))
        return function
    return register


class Failed(Exception):
    pass


def expect(condition, what):
    if not condition:
        raise Failed(what)


def same(found, wanted, what=""):
    expect(found == wanted, f"{what}: wanted {wanted!r}, found {found!r}")


class Client:
    server = None
    program = None

    def __init__(self, repo, root=None):
        self.folder = tempfile.TemporaryDirectory(prefix="tuf-")
        self.metadata = Path(self.folder.name, "metadata")
        self.targets = Path(self.folder.name, "targets")
        self.metadata.mkdir()
        self.targets.mkdir()
        self.repo, self.output = repo, ""
        self.url = Client.server.add(repo) if repo is not None else ""
        self.first_root = repo.published["root"][1] if root is None else root

    def run(self, arguments, at=None, environment=None):
        command = [Client.program, "--metadata-dir", str(self.metadata), *arguments]
        if at is not None:
            command = ["faketime", *(["-f", at] if at.startswith("+") else [at]), *command]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False,
                              env={**os.environ, **(environment or {})})
        self.output += done.stderr
        expect(done.returncode in (0, 1), f"exit {done.returncode}: {done.stderr}")
        return done.returncode

    def init(self):
        path = Path(self.folder.name, "pinned.json")
        path.write_bytes(self.first_root)
        return self.run(["init", str(path)])

    def refresh(self, at=None, base=None):
        return self.run(["--metadata-url", f"{base or self.url}/metadata/", "refresh"], at)

    def download(self, *paths, at=None, base=None):
        names = [word for path in paths for word in ("--target-name", path)]
        return self.run(["--metadata-url", f"{base or self.url}/metadata/", *names, "--target-base-url",
                         f"{base or self.url}/targets/", "--target-dir", str(self.targets), "download"], at)

    def kept(self, role):
        path = self.metadata / f"{role}.json"
        return path.read_bytes() if path.exists() else None

    def version(self, role):
        data = self.kept(role)
        return None if data is None else json.loads(data)["signed"]["version"]

    def versions(self):
        """{file name without .json: version} of everything that is kept."""
        return {path.name[:-len(".json")]: json.loads(path.read_bytes())["signed"]["version"]
                for path in self.metadata.iterdir() if path.name.endswith(".json")}

    def downloaded(self):
        files = sorted((p for p in self.targets.rglob("*") if p.is_file()), key=lambda p: p.stat().st_mtime_ns)
        return [path.read_bytes() for path in files]


def fresh(repo=None, refreshed=False):
    repo = repo or Repository()
    client = Client(repo)
    same(client.init(), 0, "init")
    if refreshed:
        same(client.refresh(), 0, "first refresh")
    return repo, client


def tops(root, targets, snapshot, timestamp):
    """What versions() is, without the roles that are None."""
    every = dict(zip(TOP, (root, targets, snapshot, timestamp)))
    return {role: version for role, version in every.items() if version is not None}


def start(program):
    Client.server, Client.program = Server(), program
