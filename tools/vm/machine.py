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
SUITES = ["bookworm", "trixie"]
# A busy machine outside makes a guest slow: its service manager waits for disks and services as long as we do.
PATIENCE = "systemd.default_device_timeout_sec=600 systemd.default_timeout_start_sec=600"
SECONDS_MAX = 2700  # of a guest that nobody ends
GIVEN_SIZE, NODE_SIZE = "384M", "512M"  # the saved state knows the sizes; the files are sparse


def run(*words):
    subprocess.run([str(word) for word in words], check=True, stdout=subprocess.DEVNULL)


def make_disk(image, label, size, *options):
    """The UUID is the same each time: the saved state knows it."""
    image.unlink(missing_ok=True)
    name = uuid.uuid5(uuid.NAMESPACE_DNS, f"{label}.sallyport.example")
    run("mke2fs", "-q", "-F", "-t", "ext4", "-L", label, "-U", name, "-m", "0", "-b", "4096", *options, image, size)


def base(suite, end):
    """What tools/vm/image.sh made: img, kernel, initrd, stamp."""
    return CACHE / f"guest-{suite}.{end}"


def make_root(below):
    form = "qcow2" if below.suffix == ".qcow2" else "raw"
    run("qemu-img", "create", "-q", "-f", "qcow2", "-F", form, "-b", below, HERE / "root.qcow2")


def make_node_disk():
    make_disk(HERE / "node.img", "node", NODE_SIZE, "-O", "verity")


# Libraries of Debian 12 that Debian 13 has under other names: programs that were built on the one find them on both.
RENAMED = ("libboost_json.so", "libfmt.so", "libutf8proc.so", "libyara.so")


def copy_renamed_libraries(program, folder):
    folder.mkdir()
    for line in subprocess.run(["ldd", program], check=True, capture_output=True, text=True).stdout.splitlines():
        words = line.split()
        if words[0].startswith(RENAMED):
            shutil.copyfile(words[2], folder / words[0])


def make_given_disk(suite, programs):
    """bin/ the programs, lib/ what a younger Debian lacks for them, packaging/ the units, story/ what lies here.
    Without programs: empty."""
    with tempfile.TemporaryDirectory(dir=HERE) as temporary:
        given = Path(temporary)
        os.chmod(given, 0o755)
        (given / "story").mkdir()
        if programs is not None:
            (given / "bin").mkdir()
            for name in ("sallyport", "sallyport-noded"):
                run("strip", "--strip-debug", "-o", given / "bin" / name, programs / name)
            if suite != SUITES[0]:
                copy_renamed_libraries(programs / "sallyport", given / "lib")
            shutil.copytree(REPO / "packaging", given / "packaging")
            for entry in Path(".").iterdir():
                if entry.name != HERE.name:
                    run("cp", "-a", entry, given / "story")
        make_disk(HERE / "given.img", "given", GIVEN_SIZE, "-O", "^has_journal", "-d", given)


class Machine:
    """A running QEMU; the file guest/pid has its process."""

    def __init__(self, suite, kernel_words="quiet", state=None, write_log=False, more=(), uefi=False):
        """A boot, or on from a saved state. A write log is guest/node.log: what the node's disk was told. More disks
        come behind it."""
        (HERE / "pid").unlink(missing_ok=True)
        words = ["nice", "-n", "10", "timeout", "--foreground", "--signal=KILL", str(SECONDS_MAX),
                 "qemu-system-x86_64", *self.machine(suite, kernel_words), *self.disks(write_log, more),
                 *self.channels(), *self.start_tpm(), *(self.firmware() if uefi else [])]
        if state is not None:
            words += ["-incoming", f"exec:cat '{state}'"]
        with open(HERE / "machine.log", "wb") as log:
            self.process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                            start_new_session=True)

    @staticmethod
    def machine(suite, kernel_words):
        return ["-machine", "q35,accel=tcg", "-cpu", "max", "-smp", "1", "-m", "768", "-nodefaults", "-no-reboot",
                "-display", "none", "-nic", "none", "-device", "virtio-rng-pci", "-pidfile", f"{HERE}/pid",
                "-kernel", base(suite, "kernel"), "-initrd", base(suite, "initrd"), "-append",
                f"root=/dev/vda rw console=ttyS0 loglevel=4 panic=1 systemd.show_status=false {PATIENCE} "
                f"{kernel_words}"]

    @staticmethod
    def firmware():
        """In its db is a key whose private half everybody has: the package ovmf brings it."""
        shutil.copyfile("/usr/share/OVMF/OVMF_VARS_4M.snakeoil.fd", HERE / "firmware.vars")
        return ["-drive", "if=pflash,unit=0,format=raw,readonly=on,file=/usr/share/OVMF/OVMF_CODE_4M.fd",
                "-drive", f"if=pflash,unit=1,format=raw,file={HERE}/firmware.vars"]

    @staticmethod
    def disks(write_log, more):
        node = f"file={HERE}/node.img,format=raw"
        if write_log:
            (HERE / "node.log").write_bytes(b"")
            node = (f"driver=blklogwrites,file.driver=file,file.filename={HERE}/node.img,"
                    f"log.driver=file,log.filename={HERE}/node.log")
        drives = [f"file={HERE}/root.qcow2,format=qcow2", f"file={HERE}/given.img,format=raw", node]
        drives += [f"file={disk},format=raw" for disk in more]
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
