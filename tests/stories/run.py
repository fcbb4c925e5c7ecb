#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs stories: text files that show commands and what must come of them.

    # What the story is about.
    needs strace                    skip the story where this program is missing, or `root`, or `cgroup2` (version 2)
    patience 3000                   a command may take so many seconds (300 where nothing is said)
    use installed                   begin with what fixtures/installed.sh makes (made once a run, then copied)
    $ sallyport explain disk-full   a command for bash, run in the story's own empty folder; must exit 0
    > --json                        ... the command goes on (joined by a line break)
    [exit 3]                        ... unless another exit code is expected
    | the whole of stdout           block: stdout is exactly these lines
    stdout 'part'                   stdout has this part; `! stdout 'part'`: it has not (stderr alike)
    json .steps[0].code "x"         stdout is JSON and this member has this value
    -- policy.json --               from here on: files that stand in the folder before the first command
    { ... }

Every command finds the programs of the build first in PATH and the functions of tests/stories/lib.sh. What a command
leaves running is ended with the story. A story that fails is shown whole. What the operator's server has answered to
the function `api` has to be as docs/api/openapi.json says: tests/api/check looks at it in the end.
"""
import argparse
import concurrent.futures
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

REPO = Path(__file__).resolve().parents[2]
COMMAND_SECONDS_MAX = 300
ENDING_SECONDS_MAX = 30
SECONDS_BETWEEN_LOOKS = 0.02
EXPECTATION = re.compile(r"(?:\[exit (?P<exit>\d+)\])|(?P<block>\|(?: (?P<line>.*))?)"
                         r"|(?P<not>! )?(?P<stream>stdout|stderr) (?P<text>.+)|json (?P<path>\.\S*) (?P<value>.+)")
FILE_MARK = re.compile(r"-- (\S+) --")


BUILDS_ON = re.compile(r"^# builds on (\S+)$", re.MULTILINE)
FIXTURE_NEEDS = re.compile(r"^# needs (.+)$", re.MULTILINE)


class Failed(Exception):
    """What was expected and not found."""


class Fixtures:
    """Folders that stories begin with. Each is made by a shell file, on the first use, from the one it builds on."""

    def __init__(self, scripts, programs):
        self.scripts, self.programs, self.lock, self.made = scripts, programs, threading.RLock(), {}
        self.folder = Path(tempfile.mkdtemp(prefix="fixtures-"))

    def text(self, name):
        path = self.scripts / f"{name}.sh"
        if not path.exists():
            raise Failed(f"use {name}: {path} is missing")
        return path.read_text(encoding="utf-8")

    def needs(self, name):
        text = self.text(name)
        below = [need for base in BUILDS_ON.findall(text) for need in self.needs(base)]
        return [need for line in FIXTURE_NEEDS.findall(text) for need in line.split()] + below

    def fill(self, name, folder):
        subprocess.run(["cp", "-a", f"{self.made_once(name)}/.", str(folder)], check=True)

    def made_once(self, name):
        with self.lock:
            if name not in self.made:
                self.made[name] = self.make(name)
            if isinstance(self.made[name], Failed):
                raise self.made[name]
            return self.made[name]

    def make(self, name):
        folder, sessions = self.folder / name, []
        try:
            text = self.text(name)
            folder.mkdir()
            for base in BUILDS_ON.findall(text):
                self.fill(base, folder)
            status, stdout, stderr = run_command(Command(text), folder, environment(folder, self.programs), sessions)
        except Failed as failure:
            return failure
        finally:
            end_sessions(sessions)
        return folder if status == 0 else Failed(f"fixture {name}: exit {status}\n{stdout}{stderr}")

    def remove(self):
        shutil.rmtree(self.folder, ignore_errors=True)


class Command:
    def __init__(self, text):
        self.text, self.exit, self.block, self.checks = text, 0, None, []


class Story:
    def __init__(self, path):
        self.path, self.needs, self.uses, self.commands, self.files = path, [], [], [], {}
        self.patience = COMMAND_SECONDS_MAX
        lines, current = path.read_text(encoding="utf-8").splitlines(), None
        for number, line in enumerate(lines, 1):
            if mark := FILE_MARK.fullmatch(line):
                current = self.files[mark[1]] = []
            elif current is not None:
                current.append(line + "\n")
            elif line.strip() and not line.startswith("#"):
                try:
                    self.read(line)
                except (ValueError, IndexError) as error:
                    raise Failed(f"{path.name}:{number}: not understood: {line} ({error})") from error
        if not self.commands:
            raise Failed(f"{path.name}: the story has no command")

    def read(self, line):
        if line.startswith("needs "):
            self.needs += line.split()[1:]
        elif line.startswith("use "):
            self.uses += line.split()[1:]
        elif line.startswith("patience "):
            self.patience = int(line.split()[1])
        elif line.startswith("$ "):
            self.commands.append(Command(line[2:]))
        elif line.startswith("> "):
            self.commands[-1].text += "\n" + line[2:]
        else:
            match, command = EXPECTATION.fullmatch(line), self.commands[-1]
            if match is None:
                raise ValueError("no command and no expectation")
            if match["exit"]:
                command.exit = int(match["exit"])
            elif match["block"]:
                command.block = (command.block or "") + (match["line"] or "") + "\n"
            elif match["stream"]:
                (text,) = shlex.split(match["text"])
                command.checks.append((match["stream"], text, not match["not"]))
            else:
                command.checks.append(("json", match["path"], json.loads(match["value"])))


def member(document, path):
    for name, index in re.findall(r"\.([^.\[\]]+)|\[(\d+)\]", path):
        document = document[name] if name else document[int(index)]
    return document


def check(command, status, stdout, stderr):
    if status != command.exit:
        raise Failed(f"exit {command.exit} expected, {status} found")
    if command.block is not None and stdout != command.block:
        raise Failed(f"stdout expected to be exactly:\n{command.block}")
    for kind, what, expected in command.checks:
        if kind == "json":
            try:
                found = member(json.loads(stdout), what)
            except (ValueError, KeyError, IndexError, TypeError) as error:
                raise Failed(f"json {what}: not in stdout ({error})") from error
            if found != expected:
                raise Failed(f"json {what}: {json.dumps(expected)} expected, {json.dumps(found)} found")
        elif (what in (stdout if kind == "stdout" else stderr)) != expected:
            raise Failed(f"{kind} {'lacks' if expected else 'has'} '{what}'")


def running(sessions, folder=None):
    """What still runs of commands: it has the session of a command's shell, or the story's folder for a home."""
    home = f"HOME={folder}".encode()
    for process in Path("/proc").glob("[0-9]*"):
        try:
            state, _, _, its_session = (process / "stat").read_text().rpartition(")")[2].split()[:4]
            ours = int(its_session) in sessions or folder and home in (process / "environ").read_bytes().split(b"\0")
        except OSError:
            continue  # ended while we looked, or another user's
        if ours and state != "Z":
            yield int(process.name)


def services(folder):
    """Services that a node of the story runs outlive who started them: docs/spec/run.md has the form of the record."""
    for record in folder.glob("*/run/*.json"):
        said = json.loads(record.read_text())
        try:
            stat = (Path("/proc") / str(said["pid"]) / "stat").read_text()
        except OSError:
            continue
        if int(stat.rpartition(")")[2].split()[19]) == said["start_ticks"]:
            yield said["pid"]


def end_sessions(sessions, folder=None):
    """Until two looks in a row find nothing: who is becoming another program has no environment to look at."""
    looks_without, given_up = 0, time.monotonic() + ENDING_SECONDS_MAX
    while looks_without < 2 and time.monotonic() < given_up:
        found = [*running(sessions, folder), *(services(folder) if folder else [])]
        looks_without = 0 if found else looks_without + 1
        for pid in found:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        time.sleep(SECONDS_BETWEEN_LOOKS)


def environment(folder, programs):
    own = {"HOME": str(folder), "TMPDIR": str(folder), "REPO": str(REPO), "LANG": "C.UTF-8", "TZ": "UTC",
           "PATH": f"{programs}:{REPO}/tests/stories/bin:{os.environ.get('PATH', '')}"}
    library = REPO / "tests" / "stories" / "lib.sh"
    if library.exists():
        own["BASH_ENV"] = str(library)
    kept = ("http_proxy", "https_proxy", "TERM", "CCACHE_DIR", "PYENV_ROOT", "POWER_CUTS", "POWER_CUTS_SEED")
    return {**{name: os.environ[name] for name in kept if name in os.environ}, **own}


def run_command(command, folder, environ, sessions, patience=COMMAND_SECONDS_MAX):
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        process = subprocess.Popen(["bash", "-euo", "pipefail", "-c", command.text], cwd=folder, env=environ,
                                   stdin=subprocess.DEVNULL, stdout=out, stderr=err, start_new_session=True)
        sessions.append(process.pid)
        try:
            status = process.wait(patience)
        except subprocess.TimeoutExpired:
            end_sessions([process.pid])
            status = process.wait()
        out.seek(0)
        err.seek(0)
        return status, out.read().decode(errors="replace"), err.read().decode(errors="replace")


def check_answers(folder):
    """Of the operator's server, where the story has asked one."""
    if not (folder / "api.exchanges").exists():
        return
    command = [REPO / "tests" / "api" / "check", "answers", folder / "api.exchanges"]
    looked = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if looked.returncode != 0:
        raise Failed(f"answers that docs/api/openapi.json does not have:\n{looked.stdout}")


def play(story, fixtures):
    """Runs the story; the transcript is raised when something is not as expected."""
    folder, sessions, transcript = Path(tempfile.mkdtemp(prefix="story-")), [], []
    try:
        for name in story.uses:
            fixtures.fill(name, folder)
        for name, lines in story.files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text("".join(lines), encoding="utf-8")
        environ = environment(folder, fixtures.programs)
        for command in story.commands:
            status, stdout, stderr = run_command(command, folder, environ, sessions, story.patience)
            transcript += [f"$ {command.text}\n", stdout, stderr, f"[exit {status}]\n" if status else ""]
            check(command, status, stdout, stderr)
        check_answers(folder)
    except Failed as failure:
        raise Failed("".join(transcript) + f"*** {failure}") from failure
    finally:
        end_sessions(sessions, folder)
        shutil.rmtree(folder, ignore_errors=True)


def here(need):
    if need == "root":
        return os.geteuid() == 0
    if need == "cgroup2":
        return " - cgroup2 " in Path("/proc/self/mountinfo").read_text(encoding="utf-8")
    return shutil.which(need)


def outcome(path, fixtures):
    begin, name = time.monotonic(), f"{path.parent.name}/{path.stem}"
    try:
        story = Story(path)
        needs = story.needs + [need for fixture in story.uses for need in fixtures.needs(fixture)]
        if lacking := [need for need in needs if not here(need)]:
            return "skipped", f"skipped  {name}: no {', '.join(lacking)} here"
        play(story, fixtures)
    except Failed as failure:
        return "failed", f"FAILED   {name}\n{failure}\n"
    return "passed", f"passed   {name} ({time.monotonic() - begin:.1f} s)"


def run(paths, programs, jobs):
    stories = sorted(s for p in paths for s in (p.rglob("*.story") if p.is_dir() else [p]))
    counts = dict.fromkeys(("passed", "failed", "skipped"), 0)
    fixtures = Fixtures(REPO / "tests" / "stories" / "fixtures", programs)
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        for result, text in pool.map(lambda story: outcome(story, fixtures), stories):
            counts[result] += 1
            print(text, flush=True)
    fixtures.remove()
    tail = f", {counts['skipped']} skipped" if counts["skipped"] else ""
    print(f"{counts['passed']} passed, {counts['failed']} failed{tail}")
    return 1 if counts["failed"] or not stories else 0


SELF_TEST = {  # story: expected result
    "$ echo hello; echo oops >&2\n| hello\nstdout 'ell'\n! stdout 'oops'\nstderr 'oops'\n": "passed",
    "# nothing but a comment\n": "failed",
    "$ exit 3\n[exit 3]\n": "passed",
    "$ exit 3\n": "failed",
    "$ true\n[exit 3]\n": "failed",
    "$ false; true\n": "failed",
    "$ cat a/b.txt\n| one\n|\n| two\n-- a/b.txt --\none\n\ntwo\n": "passed",
    "$ cat a.txt\n| one\n-- a.txt --\none\ntwo\n": "failed",
    "$ echo hello\nstdout 'bye'\n": "failed",
    "$ echo hello\n! stdout 'hello'\n": "failed",
    "$ echo '{\"a\": [{\"b\": 7}]}'\njson .a[0].b 7\n": "passed",
    "$ echo '{\"a\": [{\"b\": 7}]}'\njson .a[0].b 8\n": "failed",
    "$ echo '{\"a\": [{\"b\": 7}]}'\njson .a[1].b 7\n": "failed",
    "$ echo text\njson .a 7\n": "failed",
    "$ printf '%s\\n' \\\n> one \\\n> two\n| one\n| two\n": "passed",
    "$ true\nstdut 'x'\n": "failed",
    "stdout 'before any command'\n": "failed",
    "needs no-such-program-here\n$ true\n": "skipped",
    "$ echo one >file\n$ cat file\n| one\n": "passed",
    "$ sleep 600 & echo started\n| started\n": "passed",
    "patience 1\n$ sleep 20\n": "failed",
    "use upper\n$ cat lower.txt upper.txt\n| lower\n| upper\n": "passed",
    "use upper\n$ echo changed >lower.txt\n": "passed",
    "use upper\n$ cat lower.txt\n| lower\n": "passed",
    "use no-such-fixture\n$ true\n": "failed",
    "use broken\n$ true\n": "failed",
    "use demanding\n$ false\n": "skipped",
}
SELF_TEST_FIXTURES = {
    "lower": "echo lower >lower.txt\n",
    "upper": "# builds on lower\necho upper >upper.txt\n",
    "broken": "false\n",
    "demanding": "# needs no-such-program-here\n",
}


def self_test():
    problems = []
    with tempfile.TemporaryDirectory() as folder:
        for name, text in SELF_TEST_FIXTURES.items():
            (Path(folder) / f"{name}.sh").write_text(text, encoding="utf-8")
        fixtures = Fixtures(Path(folder), "/nonexistent")
        for text, expected in SELF_TEST.items():
            path = Path(folder) / "self.story"
            path.write_text(text, encoding="utf-8")
            result, transcript = outcome(path, fixtures)
            if result != expected:
                problems.append(f"{expected} expected, {result} found:\n{text}\n{transcript}")
        left = Path(folder) / "session"
        path.write_text(f"$ sleep 600 & setsid sleep 600 & echo $$ $HOME >'{left}'\n", encoding="utf-8")
        outcome(path, fixtures)
        session, home = left.read_text().split()
        if list(running([int(session)], home)):
            problems.append("what a command left running still runs after the story")
        fixtures.remove()
    print("\n".join(problems) or "story runner: tells good stories from bad ones")
    return 1 if problems else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", nargs="*", type=Path, default=[Path(__file__).parent], help="stories, or folders")
    parser.add_argument("--programs", default=str(REPO / "build/dev/bin"), help="where the programs under test are")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() + 1)  # they wait more than they work
    parser.add_argument("--self-test", action="store_true")
    arguments = parser.parse_args()
    if arguments.self_test:
        return self_test()
    return run(arguments.paths, Path(arguments.programs).resolve(), arguments.jobs)


sys.exit(main())
