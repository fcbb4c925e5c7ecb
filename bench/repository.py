# SPDX-License-Identifier: Apache-2.0
"""A TUF repository with 10,000 packages, each with a verdict and an order, served by Python.

    bench/bench.py --only refresh
"""
import hashlib
import os
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "tests/tuf"))
from simulator import Repository, Server  # noqa: E402

PACKAGES = 10000


def digest(text):
    return hashlib.sha256(text.encode()).hexdigest()


class RepositoryWorld:
    def __init__(self, work, binary, run):
        self.work, self.client, self.run = os.path.join(work, "repository"), f"{binary}-tuf-client", run
        self.base = None

    def ready(self):
        if self.base is not None:
            return
        repo = Repository("ed25519")
        repo.with_hashes = True
        repo.delegate("targets", "deliveries", ("packages/*", "verdicts/*", "orders/*/*"), True)
        listed = repo.body("deliveries")["targets"]
        for number in range(PACKAGES):
            for path in (f"packages/{digest(f'p{number}')}.csar", f"verdicts/{digest(f'v{number}')}.dsse",
                         f"orders/pool-{number % 100}/{digest(f'o{number}')}.dsse"):
                listed[path] = {"length": 1000, "hashes": {"sha256": digest(path)}}
        repo.add_target("deliveries", "packages/this", b"content")
        repo.publish("deliveries", "targets", "snapshot", "timestamp")
        self.base = Server().add(repo)
        os.makedirs(self.work, exist_ok=True)
        with open(os.path.join(self.work, "root.json"), "wb") as out:
            out.write(repo.published["root"][1])

    def fresh(self):
        self.ready()
        for name in ("metadata", "targets"):
            shutil.rmtree(os.path.join(self.work, name), ignore_errors=True)
            os.mkdir(os.path.join(self.work, name))

    def refresh(self):
        """From the first root to a verified target: all five roles."""
        self.fresh()
        metadata = ["--metadata-dir", os.path.join(self.work, "metadata")]
        subprocess.run([self.client, *metadata, "init", os.path.join(self.work, "root.json")], check=True)
        return self.run([self.client, *metadata, "--metadata-url", f"{self.base}/metadata",
                         "--target-name", "packages/this", "--target-base-url", f"{self.base}/targets",
                         "--target-dir", os.path.join(self.work, "targets"), "download"])

    def curl(self):
        """The same files, believed as they come."""
        self.fresh()
        names = ("timestamp.json", "2.snapshot.json", "2.targets.json", "1.deliveries.json")
        return self.run(["curl", "-sf", "--output-dir", os.path.join(self.work, "metadata"), "--remote-name-all",
                         *(f"{self.base}/metadata/{name}" for name in names)])
