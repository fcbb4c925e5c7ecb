# SPDX-License-Identifier: Apache-2.0
"""A TUF repository in memory whose files can be made as wrong as a test wants, and the web server in front of it.

    repo = Repository()                       # version 1 of root, targets, snapshot and timestamp, signed
    repo.body("targets")["expires"] = past()  # change what is to be signed
    repo.publish("targets", "snapshot", "timestamp")   # next version of each, signed, announced to the one above
"""
import copy
import datetime
import hashlib
import http.server
import json
import threading
import urllib.parse

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa

TOP = ("root", "targets", "snapshot", "timestamp")


def moment(days=0, seconds=0):
    now = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
    return (now + datetime.timedelta(days=days, seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")


def canonical(value):
    """OLPC canonical JSON, written a second time so that the client is not compared with itself."""
    if isinstance(value, dict):
        return "{" + ",".join(canonical(k) + ":" + canonical(value[k]) for k in sorted(value)) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return json.dumps(value)


def canonical_bytes(value):
    return canonical(value).encode()


class Signer:
    """A key of one kind. `public` is what metadata lists; change it before it is used and call rename()."""
    made = {}

    def __init__(self, kind="ecdsa", private=None):
        self.kind = kind
        self.private = private or self.generate(kind)
        self.public = {"keytype": self.keytype(), "scheme": self.scheme(), "keyval": {"public": self.text()}}
        self.rename()

    @classmethod
    def generate(cls, kind):
        if kind == "ed25519":
            return ed25519.Ed25519PrivateKey.generate()
        if kind.startswith("rsa"):
            # Slow to make: each test run takes turns with four of them.
            pool = cls.made.setdefault("rsa", [])
            if len(pool) < 4:
                pool.append(rsa.generate_private_key(65537, 2048))
            pool.append(pool.pop(0))
            return pool[-1]
        return ec.generate_private_key(ec.SECP384R1() if kind == "ecdsa384" else ec.SECP256R1())

    def keytype(self):
        return {"ed25519": "ed25519"}.get(self.kind, "rsa" if self.kind.startswith("rsa") else "ecdsa")

    def scheme(self):
        return {"ed25519": "ed25519", "rsa": "rsassa-pss-sha256", "rsa-pkcs1": "rsa-pkcs1v15-sha256",
                "ecdsa384": "ecdsa-sha2-nistp384"}.get(self.kind, "ecdsa-sha2-nistp256")

    def pem(self):
        return self.private.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()

    def raw_hex(self):
        form = (serialization.PublicFormat.Raw if self.kind == "ed25519" else
                serialization.PublicFormat.UncompressedPoint)
        code = serialization.Encoding.Raw if self.kind == "ed25519" else serialization.Encoding.X962
        return self.private.public_key().public_bytes(code, form).hex()

    def text(self):
        return self.raw_hex() if self.kind == "ed25519" else self.pem()

    def rename(self, keyid=None):
        self.keyid = keyid or hashlib.sha256(canonical_bytes(self.public)).hexdigest()
        return self

    def sign(self, data):
        if self.kind == "ed25519":
            return self.private.sign(data).hex()
        if self.kind == "rsa":
            salted = padding.PSS(padding.MGF1(hashes.SHA256()), padding.PSS.DIGEST_LENGTH)
            return self.private.sign(data, salted, hashes.SHA256()).hex()
        if self.kind == "rsa-pkcs1":
            return self.private.sign(data, padding.PKCS1v15(), hashes.SHA256()).hex()
        digest = hashes.SHA384() if self.kind == "ecdsa384" else hashes.SHA256()
        return self.private.sign(data, ec.ECDSA(digest)).hex()


def target_entry(content, algorithms=("sha256",)):
    return {"length": len(content), "hashes": {name: hashlib.new(name, content).hexdigest() for name in algorithms}}


class Repository:
    def __init__(self, kind="ecdsa", consistent=True):
        self.bodies, self.signers, self.files = {}, {}, {}
        self.published = {}     # role: {version in the file's name: bytes}
        self.latest = {}        # role: bytes served without a version
        self.asked, self.asked_targets = [], []
        self.with_hashes = False
        self.prefix_targets = True
        for role in TOP:
            self.bodies[role] = {"_type": role, "spec_version": "1.0.31", "version": 1, "expires": moment(30)}
            self.signers[role] = []
        self.body("root").update(consistent_snapshot=consistent, keys={},
                                 roles={role: {"keyids": [], "threshold": 1} for role in TOP})
        self.body("targets")["targets"] = {}
        self.body("snapshot")["meta"] = {}
        self.body("timestamp")["meta"] = {}
        for role in TOP:
            self.add_key(role, Signer(kind))
        self.publish("targets", "snapshot", "timestamp", "root")

    def body(self, role):
        return self.bodies[role]

    # Keys.
    def add_key(self, role, signer=None, delegator=None):
        signer = signer or Signer()
        if role in TOP:
            keys, holder = self.body("root")["keys"], self.body("root")["roles"][role]
        else:
            delegations = self.body(delegator)["delegations"]
            keys, holder = delegations["keys"], self.delegation(delegator, role)
        keys[signer.keyid] = signer.public
        holder["keyids"].append(signer.keyid)
        self.signers.setdefault(role, []).append(signer)
        return signer

    def rotate(self, role):
        self.body("root")["roles"][role]["keyids"].clear()
        self.signers[role].clear()
        for _ in range(self.body("root")["roles"][role]["threshold"]):
            self.add_key(role)

    # Delegations and targets.
    def delegation(self, delegator, role):
        delegations = self.body(delegator)["delegations"]
        if "succinct_roles" in delegations:
            return delegations["succinct_roles"]
        return next(entry for entry in delegations["roles"] if entry["name"] == role)

    def new_targets(self, role):
        if role not in self.bodies:
            self.bodies[role] = {"_type": "targets", "spec_version": "1.0.31", "version": 1, "expires": moment(30),
                                 "targets": {}}
        return self.bodies[role]

    def delegate(self, delegator, role, paths=("*",), terminating=False, signer=None, prefixes=None):
        delegations = self.body(delegator).setdefault("delegations", {"keys": {}, "roles": []})
        entry = {"name": role, "keyids": [], "threshold": 1, "terminating": terminating}
        entry.update({"path_hash_prefixes": list(prefixes)} if prefixes is not None else {"paths": list(paths)})
        delegations["roles"].append(entry)
        self.new_targets(role)
        return self.add_key(role, signer, delegator)

    def delegate_bins(self, delegator, bits, prefix):
        self.body(delegator)["delegations"] = {"keys": {}, "succinct_roles": {
            "keyids": [], "threshold": 1, "bit_length": bits, "name_prefix": prefix}}
        signer, width = Signer(), (bits + 3) // 4
        names = [f"{prefix}-{number:0{width}x}" for number in range(2 ** bits)]
        for name in names:
            self.new_targets(name)
            self.signers[name] = [signer]
        delegations = self.body(delegator)["delegations"]
        delegations["keys"][signer.keyid] = signer.public
        delegations["succinct_roles"]["keyids"].append(signer.keyid)
        return names

    @staticmethod
    def bin_of(bits, prefix, path):
        first = int.from_bytes(hashlib.sha256(path.encode()).digest()[:4], "big") >> (32 - bits)
        return f"{prefix}-{first:0{(bits + 3) // 4}x}"

    def add_target(self, role, path, content, algorithms=("sha256",)):
        self.body(role)["targets"][path] = target_entry(content, algorithms)
        self.files[path] = content

    # Publishing.
    def sign(self, role, signers=None):
        body = self.body(role)
        signers = self.signers[role] if signers is None else signers
        return {"signatures": [{"keyid": s.keyid, "sig": s.sign(canonical_bytes(body))} for s in signers],
                "signed": copy.deepcopy(body)}

    def publish(self, *roles):
        for role in roles:
            if role in self.published:
                self.body(role)["version"] += 1
            self.put(role, json.dumps(self.sign(role), indent=1, ensure_ascii=False).encode())

    def put(self, role, data):
        """Serves these bytes under the next version's name and announces the version that the body has."""
        versions = self.published.setdefault(role, {})
        versions[max(versions, default=0) + 1] = data
        self.latest[role] = data
        entry = {"version": self.body(role)["version"]}
        if self.with_hashes:
            entry.update(length=len(data), hashes={"sha256": hashlib.sha256(data).hexdigest()})
        if role == "snapshot":
            self.body("timestamp")["meta"]["snapshot.json"] = entry
        elif role not in ("root", "timestamp"):
            self.body("snapshot")["meta"][f"{role}.json"] = entry

    def start_again(self, role, version=1):
        """As if the role had never been published: its next version is this one."""
        del self.published[role], self.latest[role]
        self.body(role)["version"] = version
        if version > 1:
            self.published[role] = {version - 1: b""}
            self.body(role)["version"] = version - 1

    def edit(self, role, change):
        """Changes the newest file behind everybody's back: `change` gets it as a value, signatures and all."""
        version = max(self.published[role])
        value = json.loads(self.published[role][version])
        change(value)
        self.published[role][version] = self.latest[role] = json.dumps(value).encode()

    # Serving: bytes, or None where there is nothing.
    def serve(self, path):
        if path.startswith("metadata/") and path.endswith(".json"):
            return self.serve_metadata(path[len("metadata/"):-len(".json")])
        if path.startswith("targets/"):
            return self.serve_target(path[len("targets/"):])
        return None

    def serve_metadata(self, name):
        consistent = self.body("root").get("consistent_snapshot")
        version, dot, role = name.partition(".")
        if name != "timestamp" and dot and version.isdigit() and (consistent or role == "root"):
            self.asked.append((role, int(version)))
            return self.published.get(urllib.parse.unquote(role), {}).get(int(version))
        self.asked.append((name, None))
        role = urllib.parse.unquote(name)
        return None if consistent and role != "timestamp" else self.latest.get(role)

    def serve_target(self, path):
        folder, slash, name = path.rpartition("/")
        prefix = None
        if self.body("root").get("consistent_snapshot") and self.prefix_targets:
            prefix, _, name = name.partition(".")
        path = urllib.parse.unquote(folder + slash + name)
        self.asked_targets.append((path, prefix))
        hashes_of = [entry["hashes"] for body in self.bodies.values() for name, entry in body.get("targets",
            {}).items()
                     if name == path]
        if prefix is not None and not any(prefix in known.values() for known in hashes_of):
            return None
        return self.files.get(path)


class Server(http.server.ThreadingHTTPServer):
    """Serves what `place` returns for a path: several repositories, each below the name it was given."""
    daemon_threads = True

    def __init__(self):
        self.repositories = {}
        super().__init__(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def add(self, repo):
        name = f"repo-{len(self.repositories)}"
        self.repositories[name] = repo
        return f"http://127.0.0.1:{self.server_address[1]}/{name}"


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):  # noqa: N802
        name, _, path = self.path.lstrip("/").partition("/")
        repo = self.server.repositories.get(name)
        data = repo.serve(path) if repo else None
        if data is None:
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        pass

    def handle(self):
        try:
            super().handle()
        except ConnectionError:
            pass  # the client has seen enough
