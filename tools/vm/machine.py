# SPDX-License-Identifier: Apache-2.0
"""The disks of a guest, and the QEMU that runs it. All of it lies in one folder, `guest`."""
import os
import shutil
import subprocess
import tempfile
import time
import uuid
from pathlib import Path

REPO = Path(__file__).resolve().parents[2]
CACHE = Path("/var/cache/sallyport")
HERE = Path("guest")
SECONDS_MAX = 1500  # of a guest that nobody ends
GIVEN_SIZE, NODE_SIZE = "384M", "512M"  # the saved state knows the sizes; the files are sparse


def run(*words):
    subprocess.run([str(word) for word in words], check=True, stdout=subprocess.DEVNULL)


def make_disk(image, label, size, *options):
    """The UUID is the same each time: the saved state knows it."""
    image.unlink(missing_ok=True)
    name = uuid.uuid5(uuid.NAMESPACE_DNS, f"{label}.sallyport.example")
    run("mke2fs", "-q", "-F", "-t", "ext4", "-L", label, "-U", name, "-m", "0", "-b", "4096", *options, image, size)


def make_root(below):
    form = "qcow2" if below.suffix == ".qcow2" else "raw"
    run("qemu-img", "create", "-q", "-f", "qcow2", "-F", form, "-b", below, HERE / "root.qcow2")


def make_node_disk():
    make_disk(HERE / "node.img", "node", NODE_SIZE, "-O", "verity")


def make_given_disk(programs):
    """bin/ the programs, packaging/ the units, story/ what lies here. Without programs: empty."""
    with tempfile.TemporaryDirectory(dir=HERE) as temporary:
        given = Path(temporary)
        os.chmod(given, 0o755)
        (given / "story").mkdir()
        if programs is not None:
            (given / "bin").mkdir()
            for name in ("sallyport", "sallyport-noded"):
                run("strip", "--strip-debug", "-o", given / "bin" / name, programs / name)
            shutil.copytree(REPO / "packaging", given / "packaging")
            for entry in Path(".").iterdir():
                if entry.name != HERE.name:
                    run("cp", "-a", entry, given / "story")
        make_disk(HERE / "given.img", "given", GIVEN_SIZE, "-O", "^has_journal", "-d", given)


class Machine:
    """A running QEMU; the file guest/pid has its process."""

    def __init__(self, kernel_words="quiet", state=None, write_log=False):
        """A boot, or on from a saved state. A write log is guest/node.log: what the node's disk was told."""
        (HERE / "pid").unlink(missing_ok=True)
        words = ["nice", "-n", "10", "timeout", "--foreground", "--signal=KILL", str(SECONDS_MAX),
                 "qemu-system-x86_64", *self.machine(kernel_words), *self.disks(write_log), *self.channels(),
                 *self.start_tpm()]
        if state is not None:
            words += ["-incoming", f"exec:cat '{state}'"]
        with open(HERE / "machine.log", "wb") as log:
            self.process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                            start_new_session=True)

    @staticmethod
    def machine(kernel_words):
        return ["-machine", "q35,accel=tcg", "-cpu", "max", "-smp", "1", "-m", "768", "-nodefaults", "-no-reboot",
                "-display", "none", "-nic", "none", "-device", "virtio-rng-pci", "-pidfile", f"{HERE}/pid",
                "-kernel", f"{CACHE}/guest.kernel", "-initrd", f"{CACHE}/guest.initrd", "-append",
                f"root=/dev/vda rw console=ttyS0 loglevel=4 panic=1 systemd.show_status=false {kernel_words}"]

    @staticmethod
    def disks(write_log):
        node = f"file={HERE}/node.img,format=raw"
        if write_log:
            (HERE / "node.log").write_bytes(b"")
            node = (f"driver=blklogwrites,file.driver=file,file.filename={HERE}/node.img,"
                    f"log.driver=file,log.filename={HERE}/node.log")
        drives = [f"file={HERE}/root.qcow2,format=qcow2", f"file={HERE}/given.img,format=raw", node]
        return [word for drive in drives for word in ("-drive", f"{drive},if=virtio,cache=writeback")]

    @staticmethod
    def channels():
        return ["-serial", f"file:{HERE}/console.log", "-qmp", f"unix:{HERE}/qmp.sock,server=on,wait=off",
                "-device", "virtio-serial-pci",
                "-chardev", f"socket,id=agent,path={HERE}/agent.sock,server=on,wait=off",
                "-device", "virtserialport,chardev=agent,name=org.qemu.guest_agent.0"]

    @staticmethod
    def start_tpm():
        (HERE / "tpm").mkdir(exist_ok=True)
        run("swtpm", "socket", "--tpm2", "--tpmstate", f"dir={HERE.absolute()}/tpm", "--ctrl",
            f"type=unixio,path={HERE.absolute()}/tpm.sock", "--terminate", "--daemon")
        return ["-chardev", f"socket,id=tpm,path={HERE}/tpm.sock", "-tpmdev", "emulator,id=tpm0,chardev=tpm",
                "-device", "tpm-tis,tpmdev=tpm0"]

    def still_there(self):
        return self.process.poll() is None

    @staticmethod
    def said():
        logs = [HERE / name for name in ("machine.log", "console.log")]
        return "".join(log.read_text(errors="replace")[-4000:] for log in logs if log.exists())


def end_machine(number):
    """Sends the signal and waits. False: there is none."""
    try:
        pid = int((HERE / "pid").read_text())
        os.kill(pid, number)
    except (OSError, ValueError):
        return False
    while Path(f"/proc/{pid}").exists():
        time.sleep(0.02)
    return True
