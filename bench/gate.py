#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The gate and Debian's fapolicyd over the same mount, in one run: what they add to fork + exec + wait of a program
that may run, what the gate takes for a program that it has not seen, and whether it keeps up with a storm.

usage: bench/gate.py [--runs N] [--count N] [--seconds N] [--binaries DIR] [--results FILE]
Needs root; bench/bench.py --only gate calls it.

Each figure is taken beside the same program on another mount, which nobody watches, by turns: what is told is the part
that was added. Microseconds of a machine that does other things as well mean little, ratios of one run more.
"""
import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time

from fapolicyd import Fapolicyd
from gate_node import GateNode

REPO = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

GUARDED_KIND, PLAIN_KIND = "ext3", "ext4"
EXECS, OPENS = 2000, 50000


def mount_image(work, kind):
    def make(folder):
        image = os.path.join(work, kind + ".img")
        with open(image, "wb") as out:
            out.truncate(512 << 20)
        subprocess.run([f"mkfs.{kind}", "-q", "-F", image], check=True)
        subprocess.run(["mount", "-o", "loop", "-t", kind, image, folder], check=True)
    return make


def quietly(command):
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
    return done.stdout


class GateBench:
    def __init__(self, work, wanted):
        self.work, self.wanted = work, wanted
        binary = os.path.join(wanted.binaries, "sallyport")
        self.node = GateNode(work, binary, quietly, mount_image(work, GUARDED_KIND))
        self.plain = os.path.join(work, "plain")
        os.mkdir(self.plain)
        mount_image(work, PLAIN_KIND)(self.plain)
        for name in ("static", "dynamic"):
            shutil.copy(os.path.join(self.node.tree, "bin", name), self.plain)

    def spawn(self, name, spawners):
        """Added microseconds at the median and the 99th percentile, and the median's part."""
        path = os.path.realpath(self.node.program(name))
        words = [os.path.join(self.wanted.binaries, "spawn_bench"), str(self.wanted.count), str(spawners),
                 os.path.join(self.plain, name), path]
        quietly([*words[:1], "20", "1", *words[3:]])  # whoever has to learn something has done so
        plain, guarded = ([int(number) for number in line.split()] for line in quietly(words).splitlines())
        return (guarded[0] - plain[0]) / 1000, (guarded[1] - plain[1]) / 1000, guarded[0] / plain[0] - 1

    def under_no_gate(self):
        yield

    def under_ours(self):
        self.node.start()
        yield
        self.node.stop()

    def under_fapolicyd(self, integrity):
        trusted = [os.path.realpath(self.node.program(name)) for name in ("static", "dynamic")]
        other = Fapolicyd(self.work, GUARDED_KIND, integrity, trusted)
        other.start()
        yield
        other.stop()

    def compare(self):
        gates = {
            "no gate": self.under_no_gate,
            "ours": self.under_ours,
            "fapolicyd, integrity none": lambda: self.under_fapolicyd("none"),
            "fapolicyd, integrity sha256": lambda: self.under_fapolicyd("sha256"),
        }
        jobs = [(name, spawners) for name in ("static", "dynamic") for spawners in (1, 2)]
        found = {gate: {job: [] for job in jobs} for gate in gates}
        for _ in range(self.wanted.runs):
            for gate, begin in gates.items():
                for _ in begin():
                    for job in jobs:
                        found[gate][job].append(self.spawn(*job))
        print("added to fork + exec + wait, microseconds at p50 / p99 (p50 as a part of the whole)")
        for gate, by_job in found.items():
            cells = []
            for (name, spawners), figures in by_job.items():
                p50, p99, part = (statistics.median(one) for one in zip(*figures))
                cells.append(f"{name} x{spawners} {p50:+7.1f} / {p99:+7.1f} ({part * 100:+5.1f} %)")
            print(f"  {gate:28} " + "   ".join(cells), flush=True)
        return {gate: {f"{name} x{spawners}": figures for (name, spawners), figures in by_job.items()}
                for gate, by_job in found.items()}

    def cold(self):
        """What the first exec of a listed file takes more than the second one: one digest of it."""
        self.node.start()
        paths = [self.node.copy("static", f"cold-{number}") for number in range(200)]
        times = []
        for path in paths:
            begin = time.monotonic()
            os.waitpid(os.posix_spawn(path, [path], {}), 0)
            first = time.monotonic()
            os.waitpid(os.posix_spawn(path, [path], {}), 0)
            times.append((first - begin) - (time.monotonic() - first))
        size = os.path.getsize(paths[0])
        self.node.stop()
        added = statistics.median(times)
        print(f"cold: {added * 1e6:.0f} microseconds more the first time, for {size >> 10} KiB "
              f"({size / added / 1e9:.2f} GB/s)", flush=True)
        return {"added": added, "size": size}

    def counts(self):
        return json.loads(self.node.status().stdout)["result"]

    def storm(self):
        """With a switch of generations in the middle: how long until what is no longer listed is refused."""
        self.node.start()
        self.node.upgrade()
        more = os.path.realpath(self.node.program("more"))
        unlisted = self.node.copy("static", "unlisted", b"1")
        listed = os.path.realpath(self.node.program("static"))
        results = []
        storm = threading.Thread(target=lambda: results.append(quietly(
            [os.path.join(self.wanted.binaries, "storm_bench"), str(self.wanted.seconds), str(EXECS), str(OPENS),
             listed, unlisted])))
        storm.start()
        time.sleep(self.wanted.seconds / 3)
        os.waitpid(os.posix_spawn(more, [more], {}), 0)
        self.node.roll_back()
        begin = time.monotonic()
        while self.runs(more) and time.monotonic() - begin < 30:
            time.sleep(0.005)
        visible = time.monotonic() - begin
        storm.join()
        time.sleep(0.3)
        counts = self.counts()
        self.node.stop()
        execs, refusals, opens, wrong, longest = (int(number) for number in results[0].split())
        seconds = self.wanted.seconds
        print(f"storm: {(execs + refusals) / seconds:.0f} execs/s (of them {refusals / seconds:.0f} refused) and "
              f"{opens / seconds:.0f} opens/s; wrong answers {wrong}, late {counts['late']}, overflows "
              f"{counts['overflows']}, restarts {counts['restarts']}; longest wait {longest} ms", flush=True)
        print(f"switch of generations under it: in force {visible * 1000:.0f} ms after the command", flush=True)
        return {"execs": execs, "refusals": refusals, "opens": opens, "wrong": wrong, "late": counts["late"],
                "longest_ms": longest, "visible": visible}

    @staticmethod
    def runs(path):
        try:
            os.waitpid(os.posix_spawn(path, [path], {}), 0)
            return True
        except PermissionError:
            return False

    def close(self):
        if self.node.gate:
            self.node.stop()
        self.node.close()
        subprocess.run(["umount", "-l", self.plain], check=False)


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--runs", type=int, default=5)
    options.add_argument("--count", type=int, default=2000, help="execs of each kind in a run")
    options.add_argument("--seconds", type=int, default=10, help="of the storm")
    options.add_argument("--binaries", default=os.path.join(REPO, "build/release/bin"))
    options.add_argument("--results", help="a file for all figures")
    wanted = options.parse_args()
    if "GATE_BENCH_INSIDE" not in os.environ:
        os.environ["GATE_BENCH_INSIDE"] = "1"
        os.execvp("unshare", ["unshare", "-m", sys.executable, __file__, *sys.argv[1:]])
    print("load of this machine before: " + " ".join(f"{load:.1f}" for load in os.getloadavg()), flush=True)
    work = tempfile.mkdtemp(prefix="sallyport-gate-bench-", dir="/var/tmp")
    bench = None
    try:
        bench = GateBench(work, wanted)
        results = {"spawn": bench.compare(), "cold": bench.cold(), "storm": bench.storm()}
        if wanted.results:
            with open(wanted.results, "w", encoding="utf-8") as out:
                json.dump(results, out, indent=1)
    finally:
        if bench:
            bench.close()
        shutil.rmtree(work, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
