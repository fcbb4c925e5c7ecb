#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Our commands and their peers on the same files, in one run: medians and ratios.

usage: bench/bench.py [--runs N] [--work DIR] [--only NAME[,NAME]] [--keep]

The tree is about 1 GiB in 20,000 files, taken from this machine's /usr in an order that follows from their names.
Each job and its peer take turns, so that a noisy machine is unfair to both. Ratios of one run mean something;
seconds of two machines do not. Nothing here passes or fails.
"""
import argparse
import hashlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

from intake import IntakeWorld
from peers import Peers
from repository import RepositoryWorld
from server import ServerWorld
from world import World

FILES, SMALL_FILES, SMALL_SIZE, TREE_SIZE = 20000, 19400, 256 << 10, 1 << 30
# What a scanner may rightly not call clean: encrypted or nested archives, and its own test files.
LEFT_OUT = (".zip", ".jar", ".whl", ".apk", ".7z", ".rar", ".pdf", ".ndb", ".hdb", ".cvd", "ct.sym")


def is_archive(path):
    """By content: a ZIP by any name, and what is made of one."""
    with open(path, "rb") as file:
        return file.read(2) == b"PK"


def candidates():
    for folder, folders, names in os.walk("/usr"):
        folders[:] = sorted(set(folders) - {"local"} if folder == "/usr" else folders)  # of the distribution alone
        for name in sorted(names):
            path = os.path.join(folder, name)
            plain = path.isascii() and path.isprintable() and "\\" not in path
            wanted = plain and not path.endswith(LEFT_OUT) and "clam" not in path
            if wanted and not os.path.islink(path) and os.path.isfile(path) and not is_archive(path):
                yield path, os.path.getsize(path)


def choose():
    """First small files up to a number, then larger ones up to a size."""
    by_chance = sorted(candidates(), key=lambda found: hashlib.sha256(found[0].encode()).digest())
    chosen = [found for found in by_chance if 0 < found[1] <= SMALL_SIZE][:SMALL_FILES]
    size = sum(found[1] for found in chosen)
    for found in by_chance:
        if len(chosen) < FILES and SMALL_SIZE < found[1] <= min(64 << 20, TREE_SIZE - size):
            chosen.append(found)
            size += found[1]
    return chosen, size


def assemble(tree):
    chosen, size = choose()
    for path, _ in chosen:
        target = tree + path
        os.makedirs(os.path.dirname(target), exist_ok=True)
        shutil.copyfile(path, target)
        os.chmod(target, 0o755 if os.access(path, os.X_OK) else 0o644)
        os.utime(target, (1700000000, 1700000000))
    print(f"tree: {len(chosen)} files, {size / (1 << 30):.2f} GiB, from /usr")


class Failed(Exception):
    pass


def run(command):
    """Wall and CPU seconds of a command and its children; Failed with its last words otherwise."""
    with tempfile.TemporaryFile() as log:
        begin = time.monotonic()
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                   shell=isinstance(command, str))
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
        log.seek(0)
        words = log.read().decode(errors="replace").strip()
    if process.returncode != 0:
        raise Failed(f"{command if isinstance(command, str) else ' '.join(command)}\n    {words[-600:]}")
    return wall, usage.ru_utime + usage.ru_stime


def spread(times):
    return f"{statistics.median(t[0] for t in times):6.2f} s wall {statistics.median(t[1] for t in times):6.2f} s cpu"


def compare(name, ours, peer_name, peer, runs):
    """ours and peer: functions that make everything ready, run the job, and return what run() returned."""
    times = {"ours": [], "peer": []}
    try:
        for _ in range(runs):
            times["ours"].append(ours())
            times["peer"].append(peer())
    except Failed as failure:
        print(f"{name:28} not measured: {failure}")
        return None
    ratio = statistics.median(t[0] for t in times["ours"]) / statistics.median(t[0] for t in times["peer"])
    print(f"{name:28} {spread(times['ours'])}   {peer_name}: {spread(times['peer'])}   ratio {ratio:.2f}", flush=True)
    return {"job": name, "peer": peer_name, "ratio": round(ratio, 3), "ours": times["ours"], "theirs": times["peer"]}


def jobs(world, peers, repository, intake, server):
    return [
        ("build", "package build + sign", world.build, "rauc bundle", peers.rauc_bundle),
        ("verify", "verify", world.verify, "openssl cms -verify, tar", peers.cms_verify),
        ("install", "node install", world.install, "tar -x + sync", peers.tar_extract),
        ("extract", "node install", world.install, "rauc extract + sync", peers.rauc_extract),
        ("check", "node verify", world.node_verify, "rpm -V", peers.rpm_verify),
        ("refresh", "refresh, 10,000 packages", repository.refresh, "curl, nothing verified", repository.curl),
        ("intake", "intake submit", intake.without_cache, "clamd alone", intake.clamd_alone),
        ("again", "intake, 98 % known", intake.second, "intake, nothing known", intake.first),
        ("upload", "upload to sallyportd", server.upload, "dd, fsync", server.copy),
    ]


def proofs(binaries, runs):
    """Proofs of a transparency log a second on one core, beside the three bare signatures that each of them holds."""
    ours, theirs = [], []
    for _ in range(runs):
        ours.append(float(subprocess.check_output([os.path.join(binaries, "proof_bench")])))
        speed = subprocess.check_output(["openssl", "speed", "-mr", "-seconds", "3", "ed25519"],
                                        stderr=subprocess.DEVNULL)
        line = next(line for line in speed.decode().splitlines() if line.startswith("+F6:"))
        theirs.append(float(line.split(":")[-1]))
    mine, bare = statistics.median(ours), statistics.median(theirs) / 3
    print(f"{'log verify':28} {mine:8.0f} proofs/s   openssl speed, 3 x Ed25519: {bare:8.0f}/s   "
          f"ratio {bare / mine:.2f}", flush=True)
    return {"job": "log verify", "peer": "openssl speed ed25519", "ratio": round(bare / mine, 3), "ours": ours,
            "theirs": theirs}


def gate(binaries, work, runs):
    """Beside no gate and Debian's fapolicyd. In a process of its own: it mounts."""
    results = os.path.join(work, "gate.json")
    os.makedirs(work, exist_ok=True)
    script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "gate.py")
    done = subprocess.run([script, "--runs", str(runs), "--binaries", binaries, "--results", results], check=False)
    if done.returncode != 0:
        return None
    with open(results, encoding="utf-8") as file:
        return {"job": "gate", **json.load(file)}


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--runs", type=int, default=5)
    options.add_argument("--work", help="a folder for 5 GiB and 5 more for each run (default: new, in /var/tmp)")
    options.add_argument("--only", default="", help="build, verify, install, extract, check, refresh, intake, "
                         "again, upload, list, proofs, gate")
    options.add_argument("--keep", action="store_true", help="keep the folder, and use the tree in it next time")
    wanted = options.parse_args()
    os.umask(0o022)
    work = os.path.abspath(wanted.work) if wanted.work else tempfile.mkdtemp(prefix="sallyport-bench-", dir="/var/tmp")
    binary = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "build/release/bin/sallyport")
    tree = os.path.join(work, "tree")
    world, peers = World(work, tree, binary, run), Peers(work, tree, run)
    repository = RepositoryWorld(work, binary, run)
    intake, server = IntakeWorld(world, work), ServerWorld(world, work, binary)
    results = []
    try:
        chosen = [job for job in jobs(world, peers, repository, intake, server)
                  if not wanted.only or job[0] in wanted.only.split(",")]
        lists = not wanted.only or "list" in wanted.only.split(",")
        if not os.path.isdir(tree) and (lists or any(job[0] != "refresh" for job in chosen)):
            assemble(tree)
        for _, name, ours, peer_name, peer in chosen:
            results.append(compare(name, ours, peer_name, peer, wanted.runs))
        if lists:
            results += [server.lists(wanted.runs), server.load(wanted.runs)]
        if not wanted.only or "proofs" in wanted.only.split(","):
            results.append(proofs(os.path.dirname(binary), wanted.runs))
        if not wanted.only or "gate" in wanted.only.split(","):
            results.append(gate(os.path.dirname(binary), work, wanted.runs))
    finally:
        server.close()
        world.close()
        if not wanted.keep and not wanted.work:
            shutil.rmtree(work, ignore_errors=True)
    if wanted.keep:
        with open(os.path.join(work, "results.json"), "w", encoding="utf-8") as out:
            json.dump([result for result in results if result], out, indent=1)
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
