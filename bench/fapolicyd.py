# SPDX-License-Identifier: Apache-2.0
"""Debian's fapolicyd over one mount: with configuration and database of its own, in the mount namespace of whoever
starts it. It is told the type of file system to watch, so that of this machine it sees nothing else."""
import hashlib
import os
import subprocess
import time

SETTINGS = """permissive = 0
nice_val = 14
q_size = 640
uid = root
gid = root
do_stat_report = 0
detailed_report = 0
db_max_size = 50
subj_cache_size = 1549
obj_cache_size = 8191
watch_fs = {kind}
trust = file
integrity = {integrity}
syslog_format = rule,dec,perm,auid,pid,exe,:,path,ftype,trust
rpm_sha256_only = 0
allow_filesystem_mark = 0
"""
RULES = "allow perm=any all : trust=1\ndeny perm=execute all : all\nallow perm=open all : all\n"


class Fapolicyd:
    def __init__(self, work, kind, integrity, trusted):
        """`trusted`: files that may be executed."""
        self.log = os.path.join(work, "fapolicyd.log")
        settings = os.path.join(work, "fapolicyd")
        os.makedirs(settings, exist_ok=True)
        self.write(settings, "fapolicyd.conf", SETTINGS.format(kind=kind, integrity=integrity))
        self.write(settings, "fapolicyd.rules", RULES)
        self.write(settings, "fapolicyd.trust", "".join(self.line(path) for path in trusted))
        os.makedirs(os.path.join(settings, "trust.d"), exist_ok=True)
        subprocess.run(["mount", "--bind", settings, "/etc/fapolicyd"], check=True)
        for folder in ("/var/lib/fapolicyd", "/run/fapolicyd"):
            os.makedirs(folder, exist_ok=True)
            subprocess.run(["mount", "-t", "ramfs", "none", folder], check=True)
        self.process = None

    @staticmethod
    def write(folder, name, text):
        with open(os.path.join(folder, name), "w", encoding="ascii") as out:
            out.write(text)

    @staticmethod
    def line(path):
        with open(path, "rb") as file:
            content = file.read()
        return f"{path} {len(content)} {hashlib.sha256(content).hexdigest()}\n"

    def start(self):
        with open(self.log, "w", encoding="utf-8") as log:
            self.process = subprocess.Popen(["fapolicyd", "--debug-deny"], stdin=subprocess.DEVNULL, stdout=log,
                                            stderr=log)
        for _ in range(200):
            with open(self.log, encoding="utf-8", errors="replace") as log:
                if "Starting to listen for events" in log.read():
                    return
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        self.stop()
        with open(self.log, encoding="utf-8", errors="replace") as log:
            raise RuntimeError(f"fapolicyd does not start: {log.read()[-600:]}")

    def stop(self):
        if self.process:
            self.process.terminate()
            self.process.wait()
            self.process = None
        for folder in ("/etc/fapolicyd", "/var/lib/fapolicyd", "/run/fapolicyd"):
            subprocess.run(["umount", "-l", folder], check=False)
