# IPE by the exported policy, in Debian 13: signed with a key that the machine's firmware knows, the kernel takes it, and from then on
# executes what may run on the node and nothing else, from memory neither. Another key's policy it does not take (docs/spec/gate.md, *Export*).
use services
needs qemu-system-x86_64 qemu-img swtpm fsverity openssl root
patience 900
$ guest boot --suite trixie --uefi
$ guest run 'sallyport node init --root /var/lib/sallyport --policy policy.json --node node-1 --pool pool-1
> sallyport node install 1.csar --verdict 1.verdict --order 1.order --root /var/lib/sallyport; sallyport node stop --root /var/lib/sallyport'
$ guest run 'sallyport node gate export --ipe --root /var/lib/sallyport' >ipe.policy
$ sed '1s/0\.0\.[0-9]*$/VERSION/; s/[0-9a-f]\{64\}/DIGEST/' ipe.policy | sort -u
| DEFAULT action=ALLOW
| DEFAULT op=EXECUTE action=DENY
| op=EXECUTE boot_verified=TRUE action=ALLOW
| op=EXECUTE fsverity_digest=sha256:DIGEST action=ALLOW
| policy_name=sallyport-node-1 policy_version=VERSION
$ fsverity digest tree/bin/sleep | cut -d ' ' -f 1 | xargs -I {} grep -c 'fsverity_digest={} ' ipe.policy
| 1

# The key that Debian's firmware for tests has in its db, and one that nobody has.
$ openssl rsa -in /usr/share/ovmf/PkKek-1-snakeoil.key -passin pass:snakeoil -out known.key
$ openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=other -keyout other.key -out other.pem
$ sign() { openssl smime -sign -binary -in ipe.policy -signer "$1" -inkey "$2" -noattr -nodetach -nosmimecap -md sha256 -outform der | base64 -w 0; }
> sign /usr/share/ovmf/PkKek-1-snakeoil.pem known.key >known; sign other.pem other.key >other
$ guest run "echo $(cat other) | base64 -d >/run/other; cat /run/other >/sys/kernel/security/ipe/new_policy"
[exit 1]
stderr 'Required key not available'
$ guest run "echo $(cat known) | base64 -d >/run/known; cat /run/known >/sys/kernel/security/ipe/new_policy; ls /sys/kernel/security/ipe/policies"
| sallyport-node-1
$ guest run 'python3 attempts /var/lib/sallyport'
| before: one of the release runs
| before: a stray program runs
| before: a copy in memory runs
| before: a stray program by the loader of the release runs
| then: one of the release runs
| then: a stray program does not run: Permission denied
| then: a copy in memory does not run: Permission denied
| then: a stray program by the loader of the release does not run: exit 127
-- attempts --
# All of it by one process that runs already: on this host, which is no volume of dm-verity, nothing else is executed then. It goes
# into the tree of the release, whose programs have their own loader.
import os
import sys

root, ipe = sys.argv[1], "/sys/kernel/security/ipe"
tree = os.path.realpath(f"{root}/active/tree")
with open(f"{tree}/bin/sleep", "rb") as program:
    code = program.read()
with open(f"{tree}/stray", "wb") as stray:
    stray.write(code + b"x")
os.chmod(f"{tree}/stray", 0o755)
memory = os.memfd_create("copy", 0)
os.write(memory, code)
ATTEMPTS = [("one of the release", "/bin/sleep", ["sleep", "0"]),
            ("a stray program", "/stray", ["stray", "0"]),
            ("a copy in memory", memory, ["copy", "0"]),
            ("a stray program by the loader of the release", "/lib64/ld-linux-x86-64.so.2", ["loader", "/stray", "0"])]


def attempt(program, words):
    said, says = os.pipe()
    child = os.fork()
    if child == 0:
        os.chroot(tree)
        try:
            os.execve(program, words, {})
        except OSError as error:
            os.write(says, error.strerror.encode())
            os._exit(1)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    os.close(says)
    reason = os.read(said, 100).decode() or f"exit {status}"
    return "runs" if status == 0 else f"does not run: {reason}"


def attempts(when):
    for name, program, words in ATTEMPTS:
        print(f"{when}: {name} {attempt(program, words)}")


def tell(name, text):
    with open(f"{ipe}/{name}", "w") as file:
        file.write(text)


attempts("before")
tell("policies/sallyport-node-1/active", "1")
try:
    attempts("then")
finally:
    tell("enforce", "0")
