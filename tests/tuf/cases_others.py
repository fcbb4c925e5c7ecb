# SPDX-License-Identifier: Apache-2.0
"""Repositories as other programs write them, now or years ago: odd, and valid."""
import json

from harness import Client, case, same
from simulator import Repository, Signer


def rewritten(repo, spell):
    """Every file of the repository in another spelling of the same JSON."""
    for role in repo.published:
        for version, data in repo.published[role].items():
            repo.published[role][version] = spell(json.loads(data))
        repo.latest[role] = repo.published[role][max(repo.published[role])]


def reversed_members(value):
    if isinstance(value, dict):
        return {name: reversed_members(value[name]) for name in reversed(sorted(value))}
    return [reversed_members(each) for each in value] if isinstance(value, list) else value


def whole_way(repo, path="file"):
    client = Client(repo)
    same(client.init(), 0)
    same(client.refresh(), 0)
    same(client.download(path), 0)
    same(client.downloaded(), [repo.files[path]])
    return client


def published(repo):
    repo.delegate("targets", "röle", ("*",))
    repo.add_target("röle", "file", b"content")
    repo.publish("röle", "targets", "snapshot", "timestamp")
    return repo


@case(("escaped", lambda v: json.dumps(v).encode()), ("raw", lambda v: json.dumps(v, ensure_ascii=False).encode()),
      ("compact", lambda v: json.dumps(v, separators=(",", ":")).encode()),
      ("with tabs and CRLF", lambda v: json.dumps(v, indent="\t").replace("\n", "\r\n").encode() + b"\r\n"),
      ("in another order", lambda v: json.dumps(reversed_members(v)).encode()))
def spelling_of_json(spell):
    repo = published(Repository())
    repo.body("targets")["note"] = "ünï / 日本 \u2028 \"quoted\" \\ tab\t"
    repo.publish("targets", "snapshot", "timestamp")
    rewritten(repo, spell)
    whole_way(repo)


@case()
def old_keys_in_hexadecimal():
    """ECDSA keys as bare points, with the type that names the curve, and members that were dropped since."""
    repo = Repository()
    for role in ("root", "targets", "snapshot", "timestamp"):
        signer = Signer("ecdsa")
        signer.public = {"keyid_hash_algorithms": ["sha256", "sha512"], "keytype": "ecdsa-sha2-nistp256",
                         "scheme": "ecdsa-sha2-nistp256", "keyval": {"public": signer.raw_hex()}}
        signer.rename()
        repo.body("root")["roles"][role]["keyids"].clear()
        old = repo.signers[role]
        repo.signers[role] = []
        repo.add_key(role, signer)
        if role == "root":
            repo.signers["root"] += old
    repo.publish("root")
    repo.signers["root"].pop()
    repo.publish("root", "targets", "snapshot", "timestamp")
    repo.add_target("targets", "file", b"content")
    repo.publish("targets", "snapshot", "timestamp")
    whole_way(repo)


@case()
def keys_with_notes_of_their_keeper():
    repo = Repository()
    signer = Signer()
    signer.public.update({"x-keeper": "@somebody", "x-online-uri": "kms:projects/p/keys/k"})
    signer.rename()
    repo.add_key("timestamp", signer)
    repo.body("root")["roles"]["timestamp"].update({"x-expiry-period": 7, "x-signing-period": 4})
    repo.body("root").update({"x-expiry-period": 365, "x-signing-period": 60})
    repo.publish("root", "timestamp")
    published(repo)
    whole_way(repo)


@case()
def identifiers_that_are_not_the_digest_of_the_key():
    """A keeper changed a note of the key and left its identifier as it was."""
    repo = Repository()
    signer = Signer()
    keyid = signer.keyid
    signer.public["x-online-uri"] = "changed later"
    repo.add_key("timestamp", signer.rename(keyid))
    repo.add_key("snapshot", signer)
    for role in ("timestamp", "snapshot"):
        repo.body("root")["roles"][role]["keyids"] = [keyid]
        repo.signers[role] = [signer]
    repo.publish("root", "snapshot", "timestamp")
    published(repo)
    whole_way(repo)


@case(("1.0", "1.0"), ("1.0.0", "1.0.0"), ("1.0.34", "1.0.34"), ("1", "1"))
def versions_of_the_specification(version):
    repo = Repository()
    for role in ("root", "targets", "snapshot", "timestamp"):
        repo.body(role)["spec_version"] = version
    repo.publish("root", "targets", "snapshot", "timestamp")
    repo.add_target("targets", "file", b"content")
    repo.publish("targets", "snapshot", "timestamp")
    whole_way(repo)


@case(("expiry with a zone", "2044-08-10T10:05:04+00:00"), ("expiry with a fraction",
    "2044-08-10T10:05:04.123456789Z"),
      ("expiry in another zone", "2044-08-10T10:05:04.5-06:00"), ("expiry far away", "9999-12-31T23:59:59Z"))
def times(expires):
    repo = Repository()
    for role in ("root", "targets", "snapshot", "timestamp"):
        repo.body(role)["expires"] = expires
    repo.publish("root", "targets", "snapshot", "timestamp")
    repo.add_target("targets", "file", b"content")
    repo.publish("targets", "snapshot", "timestamp")
    whole_way(repo)


@case()
def members_that_are_null_or_empty():
    repo = Repository()
    repo.body("root")["roles"]["mirrors"] = {"keyids": [], "threshold": 1}
    repo.body("targets")["delegations"] = {"keys": {}, "roles": []}
    repo.publish("root")
    repo.body("snapshot")["meta"]["root.json"] = {"version": 1}
    repo.body("snapshot")["meta"]["notes.txt"] = {"version": 1}
    repo.add_target("targets", "file", b"content")
    repo.publish("targets", "snapshot", "timestamp")
    whole_way(repo)


@case()
def pem_without_a_line_end_and_pkcs1():
    from cryptography.hazmat.primitives import serialization
    repo = Repository()
    bare = Signer()
    bare.public["keyval"]["public"] = bare.pem().strip()
    repo.add_key("timestamp", bare.rename())
    old = Signer("rsa")
    old.public["keyval"] = {"public": old.private.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.PKCS1).decode(), "private": ""}
    repo.add_key("timestamp", old.rename())
    repo.body("root")["roles"]["timestamp"]["threshold"] = 3
    repo.publish("root", "timestamp")
    published(repo)
    whole_way(repo)


@case()
def signature_in_capital_letters():
    repo = published(Repository())
    repo.edit("timestamp", lambda value: [s.update(sig=s["sig"].upper()) for s in value["signatures"]])
    whole_way(repo)


@case()
def delegations_with_everything_that_is_optional():
    repo = Repository()
    repo.delegate("targets", "a", ("dir/*", "dir/*/*"), True)
    repo.body("targets")["delegations"]["roles"][0].update({"x-note": 1})
    repo.body("targets")["delegations"]["roles"][0]["path_hash_prefixes"] = None
    repo.add_target("a", "dir/sub/file", b"content")
    repo.publish("a", "targets", "snapshot", "timestamp")
    whole_way(repo, "dir/sub/file")


@case()
def files_of_a_static_server():
    """The same through Python's plain file server: what is there is served, the rest is 404."""
    import functools
    import http.server
    import tempfile
    import threading
    from pathlib import Path

    repo = published(Repository())
    with tempfile.TemporaryDirectory() as folder:
        for place in ("metadata", "targets"):
            Path(folder, place).mkdir()
        for role, versions in repo.published.items():
            for version, data in versions.items():
                Path(folder, "metadata", f"{version}.{role}.json").write_bytes(data)
        Path(folder, "metadata/timestamp.json").write_bytes(repo.latest["timestamp"])
        digest = repo.body("röle")["targets"]["file"]["hashes"]["sha256"]
        Path(folder, "targets", f"{digest}.file").write_bytes(b"content")
        handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=folder)
        handler.log_message = lambda *_: None
        http.server.SimpleHTTPRequestHandler.log_message = lambda *_: None
        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            client = Client(repo)
            same(client.init(), 0)
            same(client.download("file", base=f"http://127.0.0.1:{server.server_address[1]}"), 0)
            server.shutdown()
        same(client.downloaded(), [b"content"])
