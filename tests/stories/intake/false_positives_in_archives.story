# H09: what an engine finds in a member of an archive is excepted by the digest of the member; that hides nothing else in the archive. The
# exceptions of a verdict are of one pool, and one that is over is not approved any more.
use packages
needs clamd root
$ sed 's/^echo "Eicar-Test-Signature:.*/&\necho "Old-Release:0:*:72656c6561736520310a" >>"$dir\/database\/sallyport.ndb"/' "$REPO/tools/demo/clamd" >knowing_clamd
> chmod +x knowing_clamd && (./knowing_clamd "$PWD/clamd" >/dev/null 2>&1 & echo $! >clamd.pid)
> for _ in $(seq 200); do if [ -S clamd/clamd.sock ]; then break; fi; sleep 0.05; done
> echo --policy policy.json --key file:intake.key --clamd clamd/clamd.sock >args
> cp -r tree more && printf 'release 9\n' >more/release && python3 archive.py more/a.zip helper 'release 1' readme harmless && package more more 9
> refuses 3 malware-found intake submit more.csar $(cat args) -o hit.verdict && sallyport intake show hit.verdict --policy policy.json
stdout 'malware-found a.zip clamd: Old-Release'
stdout 'malware-found a.zip: helper clamd: Old-Release'
# The archive is what would be recalled: nodes know nothing of what lies in it.
$ sallyport recall propose --verdict hit.verdict --policy policy.json --pool pool-1 --as alice --key file:alice.key -o r.recall >/dev/null
> python3 digests.py hit.verdict >digests && cat r.recall | python3 -c 'import base64, json, sys; print(json.loads(base64.b64decode(json.load(sys.stdin)["payload"]))["subject"][0]["digest"]["fsverity"])' | cmp - <(head -1 digests)
# Two findings take two exceptions.
$ excepted() { sallyport intake exception propose --verdict hit.verdict --content $2 --policy policy.json --pool $3 --as alice --key file:alice.key --until $4 --reason "ticket $1" -o $1.exception >/dev/null && \
>   for p in bob carol; do sallyport intake exception approve $1.exception --policy policy.json --as $p --key file:$p.key >/dev/null || return; done; }
> declare -f excepted >functions && soon=$(date -u -d '+1 hour' +%Y-%m-%dT%H:%M:%SZ)
> excepted archive $(sed -n 1p digests) pool-1 $soon && excepted member $(sed -n 2p digests) pool-1 $soon && excepted other $(sed -n 2p digests) pool-2 $soon
> refuses 3 malware-found intake submit more.csar $(cat args) --exception member.exception -o x.verdict
# What is refused is the finding that has no exception; the other one is called excepted, and the next step is for the first that is open.
$ rm x.verdict && sallyport intake submit more.csar $(cat args) --exception archive.exception -o x.verdict
[exit 3]
stdout 'excepted     malware-found a.zip clamd: Old-Release'
stdout 'finding      malware-found a.zip: helper clamd: Old-Release'
stdout 'open         1 of 2 findings without an exception for pool-1'
stdout 'for          a.zip: helper: sallyport intake exception propose --verdict x.verdict --content '
stderr 'where        a.zip: helper'
$ rm x.verdict && refuses 3 malware-found intake submit more.csar $(cat args) --exception archive.exception -o x.verdict && python3 left.py refusal.json && grep -c -- "--content $(sed -n 2p digests) .*--policy policy.json --pool pool-1" refusal.json
| excepted a.zip
| finding a.zip: helper
| 1 open, told is a.zip: helper
| 1
$ rm x.verdict && mkdir store again && cp more.csar store && sallyport intake rescan --store store --verdicts again $(cat args) --exception archive.exception
[exit 3]
stdout 'NOT CLEAN: malware-found a.zip: helper'
stderr 'where        a.zip: helper'
# Of two pools the one that leaves fewer is told; both together leave a finding, since no node takes exceptions of two.
$ refuses 3 malware-found intake submit more.csar $(cat args) --exception archive.exception --exception other.exception -o x.verdict
> sallyport intake submit more.csar $(cat args) --exception archive.exception --exception other.exception --exception member.exception -o more.verdict
stdout 'outcome      excepted'
stdout 'ticket member'
! stdout 'ticket other'
$ sallyport verify more.verdict --policy policy.json >/dev/null
# Another member of the archive is another finding, however the engine calls it.
$ cp -r more evil && python3 archive.py evil/a.zip helper 'release 1' evil 'X release 1' && package evil evil 10
> refuses 3 malware-found intake submit evil.csar $(cat args) --exception archive.exception --exception member.exception -o evil.verdict
> sallyport intake show evil.verdict --policy policy.json
stdout 'malware-found a.zip: evil clamd: Old-Release'
# One that is over takes no approvals; to refuse it is no harm. Who renews one sees what is another.
$ . ./functions && sallyport intake exception propose --verdict hit.verdict --content $(sed -n 2p digests) --policy policy.json --pool pool-1 --as alice --key file:alice.key \
>   --until $(date -u -d '+2 hours' +%Y-%m-%dT%H:%M:%SZ) --reason 'ticket 2' -o next.exception >/dev/null
> later=$(date -u -d '+3 hours' +%Y-%m-%dT%H:%M:%SZ)
> refuses 4 scan-exception-invalid intake exception approve next.exception --policy policy.json --as bob --key file:bob.key --at $later
> sallyport intake exception review next.exception --before member.exception --policy policy.json
stdout 'changes      until: '
stdout 'changes      reason: ticket member -> ticket 2'
! stdout 'changes      pool'
$ sallyport intake exception refuse next.exception --policy policy.json --as bob --key file:bob.key --at $(date -u -d '+3 hours' +%Y-%m-%dT%H:%M:%SZ)
stdout 'standing     vetoed'
-- left.py --
"""left.py REFUSAL: which findings are called excepted, and which one is told."""
import json
import sys

refusal = json.load(open(sys.argv[1]))
for field in refusal["result"]["fields"]:
    if field["name"] in ("finding", "excepted"):
        print(field["name"], field["value"].split(" clamd: ")[0].removeprefix("malware-found "))
print(refusal["result"]["findings_without_exception"], "open, told is", refusal["error"]["where"])
-- archive.py --
"""archive.py ZIP [NAME TEXT]...: a ZIP archive with these members."""
import sys
import zipfile

with zipfile.ZipFile(sys.argv[1], "w") as archive:
    for name, text in zip(sys.argv[2::2], sys.argv[3::2]):
        archive.writestr(name, text + "\n")
-- digests.py --
"""digests.py VERDICT: of the archive, and of what was found in it."""
import base64
import json
import sys

findings = json.loads(base64.b64decode(json.load(open(sys.argv[1]))["payload"]))["predicate"]["findings"]
inside = next(finding for finding in findings if "member" in finding)
print(inside["digest"], inside["member"], sep="\n")
