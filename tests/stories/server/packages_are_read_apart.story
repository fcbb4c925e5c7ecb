# What reads a package has no key, and what has the keys reads no package: under the unit that ships, as a user without rights.
use server
needs root setpriv systemd-analyze nm
# The program has nothing in it that could read one.
$ reads='sallyport::(read_zip|read_member|parse_manifest|parse_tree|trust::package|intake::examine)\('
> nm -C "$(command -v sallyport)" | grep -cE " [Tt] $reads" >count && [ "$(cat count)" -ge 6 ] && ! nm -C "$(command -v sallyportd)" | grep -E "$reads"
$ clamd_here && server_config "$(free_port)" >sallyportd.json && chown -R 4123:4123 . && SERVER_AS="python3 as_unit.py $REPO/packaging/systemd/sallyportd.service" server_here
$ grep -E '^(Uid|CapBnd|NoNewPrivs|Seccomp):' "/proc/$(cat server.pid)/status" | tr '\t' ' '
| Uid: 4123 4123 4123 4123
| CapBnd: 0000000000000000
| NoNewPrivs: 1
| Seccomp: 2
$ settled "$(uploaded 1.csar)"
stdout '"onboardingState":"ONBOARDED"'
$ cp 1.csar bad.csar && printf X | dd of=bad.csar bs=1 seek=5000 conv=notrunc 2>/dev/null && settled "$(uploaded bad.csar)"
stdout '"onboardingFailureDetails":{"type":"urn:sallyport:problem:member-digest-mismatch"'
$ server_gone
# Without its walls it reads nothing: the server does not begin.
$ sed 's/^SystemCallFilter=.*/SystemCallFilter=@system-service\nSystemCallFilter=~landlock_create_ruleset/' "$REPO/packaging/systemd/sallyportd.service" >narrow.service
$ SERVER_AS='python3 as_unit.py narrow.service' server_here
[exit 1]
stderr 'sallyportd: not-supported:'
stderr 'landlock'
# A reader that dies is an error of its package, with a code; a server that died is none.
$ server_config "$(free_port)" 's["worker"] = here + "/dies"' >dying.json && chmod 755 dies && chown -R 0:0 . && server_here dying.json
$ settled "$(uploaded 1.csar)"
stdout '"onboardingState":"ERROR"'
stdout '"onboardingFailureDetails":{"type":"urn:sallyport:problem:examiner-failed"'
stdout 'killed by signal 9'
$ grep -c '"action":"INTAKE".*"outcome":"refused","code":"examiner-failed"' server/audit/security.jsonl
| 1
$ server_gone
# What is said about a package is what its reader says: of a good one that it is bad, and of another one nothing that counts.
$ server_config "$(free_port)" 's["worker"] = here + "/lies"' >lying.json && chmod 755 lies && server_here lying.json && settled "$(uploaded 1.csar)"
stdout '"onboardingFailureDetails":{"type":"urn:sallyport:problem:signature-missing"'
-- dies --
#!/bin/bash
if grep -q build-walls /proc/self/fd/4; then printf 'the walls stand' >&6; exit; fi
kill -9 $$
-- lies --
#!/bin/bash
if grep -q build-walls /proc/self/fd/4; then printf 'the walls stand' >&6; exit; fi
printf '{"schema":"sallyport-examined/1","error":{"code":"signature-missing","where":"a lie","expected":"","found":""}}' >&6
-- as_unit.py --
"""as_unit.py UNIT PROGRAM...: the program as user 4123, behind the unit's filter of system calls, without privileges and namespaces."""
import ctypes, os, subprocess, sys

unit = [line.rstrip("\n").partition("=")[::2] for line in open(sys.argv[1])]
values = {}
for key, value in unit:
    values.setdefault(key, []).append(value)
calls = set()


def take(word):
    if not word.startswith("@"):
        return calls.add(word)
    for line in subprocess.run(["systemd-analyze", "syscall-filter", word], capture_output=True, text=True, check=True).stdout.splitlines()[1:]:
        if line.strip() and not line.strip().startswith("#"):
            take(line.strip())


for line in values["SystemCallFilter"]:
    if line.startswith("~"):
        calls.discard(line[1:])
        continue
    for word in line.split():
        take(word)
if values["RestrictNamespaces"] == ["yes"]:
    calls -= {"unshare", "setns"}
os.setgroups([])
for bit in range(41):
    ctypes.CDLL(None).prctl(24, bit, 0, 0, 0)  # PR_CAPBSET_DROP
os.setresgid(4123, 4123, 4123)
os.setresuid(4123, 4123, 4123)
library = ctypes.CDLL("libseccomp.so.2")
library.seccomp_init.restype = ctypes.c_void_p
library.seccomp_init.argtypes = [ctypes.c_uint32]
library.seccomp_rule_add_array.argtypes = [ctypes.c_void_p, ctypes.c_uint32, ctypes.c_int, ctypes.c_uint, ctypes.c_void_p]
library.seccomp_load.argtypes = [ctypes.c_void_p]
filter = library.seccomp_init(0x00050001 if "SystemCallErrorNumber" in values else 0x80000000)  # EPERM, or the end
for call in sorted(calls):
    number = library.seccomp_syscall_resolve_name(call.encode())
    if number >= 0:
        library.seccomp_rule_add_array(filter, 0x7FFF0000, number, 0, None)
assert library.seccomp_load(filter) == 0
os.execvp(sys.argv[2], sys.argv[2:])
