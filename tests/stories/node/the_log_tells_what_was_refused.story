# Whatever came of an installation or a rollback, its event names package, order, signer, policy and what had been checked by then.
use upgraded
$ sallyport node install $(install_args 3) >/dev/null && python3 told package=3.csar order=3.order
| node-install | ok | 3.csar | 1 | CN=acme release
| approvals log manifest members order signature package proposer revocation scan coverage scan database scope signature verdict age verdict outcome verdict signature
# The order's own refusal, after everything else was found good.
$ rm 3.order && order 3 --sequence 30 && cp 3.order granted.order && tamper drop granted.order 3.order
> refuses_install 4 approvals-missing 3 && python3 told package=3.csar order=3.order
| node-install | approvals-missing | 3.csar | 1 | CN=acme release
| manifest members order signature package proposer revocation scan coverage scan database scope signature verdict age verdict outcome verdict signature
# A verdict about another package; an order that was spent.
$ cp granted.order 3.order && cp 3.verdict good.verdict && cp 2.verdict 3.verdict && refuses_install 3 verdict-other-package 3
> python3 told package=3.csar order=3.order && cp good.verdict 3.verdict
| node-install | verdict-other-package | 3.csar | 1 | CN=acme release
| approvals log manifest members order signature package proposer revocation scan coverage scan database scope signature verdict age verdict outcome verdict signature
# The package's: with its digest, and the checks that came before the one that refused.
$ twin 3 bad && tamper flip 3.csar Artifacts/content.pack bad.csar && refuses_install 3 member-digest-mismatch bad && python3 told package=bad.csar order=3.order
| node-install | member-digest-mismatch | bad.csar | 1 | CN=acme release
| manifest revocation scope signature
$ tamper flip 3.csar signature bad.csar && refuses_install 3 signature-invalid bad && python3 told package=bad.csar order=3.order
| node-install | signature-invalid | bad.csar | 1 | nobody
| no check
$ cp 3.csar bad.csar && sallyport package sign bad.csar --key file:zeta.key --cert zeta.pem >/dev/null
> refuses_install 4 signer-not-for-product bad && python3 told package=bad.csar order=3.order
| node-install | signer-not-for-product | bad.csar | 1 | nobody
| revocation signature
# An order that is none has no digest; neither has a file that nobody could read.
$ cp 3.csar bad.csar && cp 3.verdict bad.verdict && echo '{}' >bad.order && refuses_install 3 envelope-malformed bad && python3 told package=3.csar
| node-install | envelope-malformed | bad.csar | 1 | CN=acme release
| manifest members package revocation scan coverage scan database scope signature verdict age verdict outcome verdict signature
$ rm bad.csar && refuses_install 2 file-missing bad && python3 told
| node-install | file-missing | bad.csar | 0 | nobody
| no check
# Somebody else is at work: the package was not looked at, so its size has to do.
$ flock node/lock sleep 60 & holder=$!
> until ! flock -n node/lock true; do sleep 0.02; done
> refuses_install 7 node-busy 3 && pkill -P $holder && python3 told order=3.order | sed "s/, $(stat -c %s 3.csar) bytes/, its size/"
| node-install | node-busy | 3.csar, its size | 0 | nobody
| no check
# A rollback, done and refused, tells of the generation that it is about.
$ sallyport node rollback --root node >/dev/null && python3 told package=2.csar order=2.order
| node-rollback | ok | the generation before | 1 | CN=acme release
| scope signature
$ echo x >>node/generations/3/tree/release && refuses 3 generation-damaged node rollback --root node --to 3 && python3 told package=3.csar | head -n 2
| node-rollback | generation-damaged | generation 3 | 1 | CN=acme release
| scope signature
$ refuses 7 generation-missing node rollback --root node --to 9 && python3 told
| node-rollback | generation-missing | generation 9 | 1 | nobody
| no check
-- told --
import base64, hashlib, json, sys
event = json.loads(open("node/events.jsonl").read().splitlines()[-1])
names = " ".join(sorted({check["name"] for check in event["checks"]})) or "no check"
print(event["activity"], event["code"], event["subject"], event["policy_version"], event["signer"] or "nobody", sep=" | ")
print(names)
given = dict(word.split("=") for word in sys.argv[1:])
contents = {"package": lambda name: open(name, "rb").read(),
            "order": lambda name: base64.b64decode(json.load(open(name))["payload"])}
for kind, content in contents.items():
    expected = hashlib.sha256(content(given[kind])).hexdigest() if kind in given else ""
    if event[kind] != expected:
        print("the", kind, "is", event[kind] or "not named")
