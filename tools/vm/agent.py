# SPDX-License-Identifier: Apache-2.0
"""What speaks with a guest from outside: QEMU's agent in it, and QEMU itself."""
import base64
import json
import socket
import time


ENVIRONMENT = ["PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", "LANG=C.UTF-8"]


class Silent(Exception):
    """No answer (any more), or an error for one."""


class Channel:
    """One line of JSON for each question and each answer, over a socket of QEMU."""

    def __init__(self, path, seconds):
        self.channel = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.channel.settimeout(seconds)
        self.buffer = b""
        try:
            self.channel.connect(str(path))
            self.begin()
        except OSError as error:
            raise Silent(f"{path}: {error}") from error

    def begin(self):
        raise NotImplementedError

    def send(self, command, **arguments):
        self.channel.sendall(json.dumps({"execute": command, "arguments": arguments}).encode() + b"\n")

    def receive(self):
        while b"\n" not in self.buffer:
            piece = self.channel.recv(1 << 20)
            if not piece:
                raise Silent("the guest is gone")
            self.buffer += piece
        line, _, self.buffer = self.buffer.partition(b"\n")
        try:
            return json.loads(line.lstrip(b"\xff"))
        except ValueError:
            return {}

    def ask(self, command, **arguments):
        try:
            self.send(command, **arguments)
            while "return" not in (answer := self.receive()):
                if "error" in answer:
                    raise Silent(f"{command}: {answer['error']}")
        except OSError as error:
            raise Silent(f"{command}: {error}") from error
        return answer["return"]


class Monitor(Channel):
    """QEMU's own."""

    def begin(self):
        self.receive()  # the greeting
        self.ask("qmp_capabilities")

    def save_state(self, path):
        """Everything but the disks goes to the file, and the guest stands still from then on."""
        self.ask("migrate", uri=f"exec:cat >'{path}'")
        while (status := self.ask("query-migrate").get("status")) != "completed":
            if status in ("failed", "cancelled"):
                raise Silent(f"the state was not written: {status}")
            time.sleep(0.1)


class Agent(Channel):
    """Takes commands inside of the guest."""

    def begin(self):
        # What an earlier client left unread is skipped. 0xFF makes the agent drop what it has half read.
        number = time.monotonic_ns() & 0x7FFFFFFF
        self.channel.sendall(b"\xff")
        self.send("guest-sync", id=number)
        while self.receive().get("return") != number:
            pass

    def run(self, text, seconds, folder="/"):
        """(exit code, stdout, stderr) of a text for bash."""
        started = self.ask("guest-exec", path="/bin/bash", arg=["-euo", "pipefail", "-c", f"cd {folder}\n{text}"],
                           env=ENVIRONMENT, **{"capture-output": True})
        end, pause = time.monotonic() + seconds, 0.02
        while time.monotonic() < end:
            status = self.ask("guest-exec-status", pid=started["pid"])
            if status["exited"]:
                out, err = (base64.b64decode(status.get(name, "")) for name in ("out-data", "err-data"))
                return status.get("exitcode", 128 + status.get("signal", 0)), out, err
            time.sleep(pause)
            pause = min(0.25, pause * 1.5)
        raise Silent(f"not done after {seconds} s: {text}")


def await_agent(path, seconds, still_there):
    """The agent, when it answers; Silent: it did not in that time, or nobody is there any more."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and still_there():
        try:
            return Agent(path, seconds=3)
        except Silent:
            time.sleep(0.1)
    raise Silent("the guest does not answer")
