# SPDX-License-Identifier: Apache-2.0
"""What keepers of repositories elsewhere do, and what their programs make of it: the client has to follow."""
import hashlib

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from cases_others import whole_way
from harness import Client, case, expect, fresh, same, tops
from simulator import TOP, Repository, Signer, canonical_bytes, moment, target_entry


# Keys.
class Person:
    """One key that the repository wrote as a bare point first, and as PEM later."""

    def __init__(self):
        self.new = Signer("ecdsa")
        self.old = Signer("ecdsa", self.new.private)
        self.old.public = {"keyid_hash_algorithms": ["sha256", "sha512"], "keytype": "ecdsa-sha2-nistp256",
                           "scheme": "ecdsa-sha2-nistp256", "keyval": {"public": self.old.raw_hex()}}
        self.old.rename()


def held_by(repo, role, names, signers, threshold):
    repo.body("root")["roles"][role].update(keyids=[s.keyid for s in names], threshold=threshold)
    repo.body("root")["keys"].update({s.keyid: s.public for s in names})
    repo.signers[role] = signers


def two_spellings(after):
    """Three of five persons, whose keys get another spelling: version 2 lists what `after` says."""
    people = [Person() for _ in range(5)]
    repo = Repository()
    old, new = [p.old for p in people], [p.new for p in people]
    for role in TOP:
        held_by(repo, role, old, old[:3], 3)
    repo.start_again("root")
    repo.publish("root", "targets", "snapshot", "timestamp")
    client = Client(repo)
    same(client.init(), 0)
    same(client.refresh(), 0)
    named, signers = after(old, new)
    for role in TOP:
        held_by(repo, role, named, signers, 3)
    repo.publish("root", "targets", "snapshot", "timestamp")
    return repo, client


@case(("the old names are gone", lambda old, new: (new, old[:3] + new[:3])),
      ("both are named", lambda old, new: (old + new, old[:3] + new[:3])),
      ("others of the five signed by the new names", lambda old, new: (new, old[:3] + new[2:])))
def keys_get_another_spelling_while_their_keepers_stay(after):
    repo, client = two_spellings(after)
    same(client.refresh(), 0)
    same(client.versions(), tops(2, 3, 3, 3))


@case(("two persons under two names each", lambda old, new: (old + new, old[:2] + new[:2])),
      ("only by the names that are gone", lambda old, new: (new, old[:3])),
      ("only by the names that come", lambda old, new: (new, new[:3])))
def keys_get_another_spelling_without_enough_signatures(after):
    repo, client = two_spellings(after)
    same(client.refresh(), 1)
    same(client.version("root"), 1)
    expect("tuf-signatures-missing" in client.output, client.output)


@case(("the longest", padding.PSS.MAX_LENGTH), ("none", 0), ("of the digest", 32), ("of 20 bytes", 20))
def salt_of_an_rsa_signature_has_any_length(salt):
    repo, client = fresh()
    signer = Signer("rsa")
    signer.sign = lambda data: signer.private.sign(data, padding.PSS(padding.MGF1(hashes.SHA256()), salt),
                                                   hashes.SHA256()).hex()
    held_by(repo, "timestamp", [signer], [signer], 1)
    repo.publish("root", "timestamp")
    same(client.refresh(), 0)
    same(client.version("timestamp"), 2)


@case(("carriage returns", lambda pem: pem.replace("\n", "\r\n")), ("one line", lambda pem: "".join((
    "-----BEGIN PUBLIC KEY-----\n", *pem.split("\n")[1:-2], "\n-----END PUBLIC KEY-----"))),
      ("blank lines around", lambda pem: "\n\n" + pem + "\n\n"), ("blanks at line ends", lambda pem: pem.replace("\n",
        " \n")), ("short lines", lambda pem: "\n".join(line if "-" in line else "\n".join(
            line[i:i + 20] for i in range(0, len(line), 20)) for line in pem.split("\n"))))
def pem_as_editors_leave_it(spell):
    repo, client = fresh()
    signer = Signer()
    signer.public["keyval"]["public"] = spell(signer.pem())
    signer.rename()
    held_by(repo, "timestamp", [signer], [signer], 1)
    repo.publish("root", "timestamp")
    same(client.refresh(), 0)
    same(client.version("timestamp"), 2)


@case(("ecdsa", "ecdsa"), ("ed25519", "ed25519"))
def bare_key_in_capital_letters(kind):
    repo, client = fresh()
    signer = Signer(kind)
    signer.public["keyval"]["public"] = signer.raw_hex().upper()
    signer.rename()
    held_by(repo, "timestamp", [signer], [signer], 1)
    repo.publish("root", "timestamp")
    same(client.refresh(), 0)
    same(client.version("timestamp"), 2)


@case(("a word", "key of the keeper"), ("capital letters", "AB" * 32), ("one letter", "k"), ("none", ""),
      ("very long", "k" * 1000), ("signs", "\u00e4/../\"\\\n"))
def identifier_of_a_key_is_a_label(label):
    repo, client = fresh()
    signer = Signer()
    signer.keyid = label
    held_by(repo, "timestamp", [signer], [signer], 1)
    repo.publish("root", "timestamp")
    same(client.refresh(), 0)
    same(client.version("timestamp"), 2)


@case()
def more_signatures_than_are_needed():
    repo, client = fresh()
    for _ in range(9):
        repo.add_key("timestamp", Signer("ed25519"))
    repo.body("root")["roles"]["timestamp"]["threshold"] = 3
    repo.publish("root", "timestamp")
    strangers = [Signer("ed25519") for _ in range(50)]
    repo.edit("timestamp", lambda value: value["signatures"].extend(
        {"keyid": s.keyid, "sig": s.sign(canonical_bytes(value["signed"]))} for s in strangers))
    same(client.refresh(), 0)
    same(client.version("timestamp"), 2)


@case(("type", {"keytype": "sphincs", "scheme": "sphincs-sha2", "keyval": {"public": "ab"}}),
      ("value", {"keytype": "sigstore-oidc", "scheme": "Fulcio", "keyval": {"identity": "a", "issuer": "b"}}),
      ("scheme", {"keytype": "rsa", "scheme": "rsassa-pss-sha512", "keyval": {"public": "ab"}}))
def delegator_names_a_key_of_an_unknown_kind(public):
    repo, client = fresh()
    repo.delegate("targets", "A")
    repo.body("targets")["delegations"]["keys"]["unknown"] = public
    repo.delegation("targets", "A")["keyids"].append("unknown")
    repo.add_target("A", "path", b"content")
    repo.publish("A", "targets", "snapshot", "timestamp")
    same(client.download("path"), 0)
    repo.delegation("targets", "A")["threshold"] = 2
    repo.publish("targets", "snapshot", "timestamp")
    same(client.download("path"), 1)
    expect("tuf-signatures-missing" in client.output, client.output)


# Members.
@case()
def unknown_members_at_every_place():
    repo = Repository()
    repo.delegate("targets", "A")
    repo.add_target("A", "file", b"content")
    for role in (*TOP, "A"):
        repo.body(role)["x-signing"] = {"period": 60, "nested": [None, True, -1, ""]}
    for key in (*repo.body("root")["keys"].values(), *repo.body("targets")["delegations"]["keys"].values()):
        key["keyval"]["x-private"] = ""
    repo.body("root")["roles"]["snapshot"]["x-note"] = {"a": []}
    repo.body("root")["roles"]["mirrors"] = {"urls": ["somewhere"]}
    repo.body("targets")["delegations"]["x-note"] = 7
    repo.delegation("targets", "A")["x-note"] = "\u00fc"
    repo.publish("A", "targets")
    repo.body("snapshot")["meta"]["A.json"]["x-note"] = [1]
    repo.publish("snapshot", "root")
    repo.body("timestamp")["meta"]["snapshot.json"]["x-note"] = [1]
    repo.body("timestamp")["meta"]["other.json"] = "not even an entry"
    repo.publish("timestamp")
    for role in (*TOP, "A"):
        repo.edit(role, lambda value: (value.update({"x-envelope": 1}),
                                       value["signatures"][0].update({"method": "odd", "over": {}})))
    whole_way(repo)


@case(("left out", lambda root: root.pop("consistent_snapshot")), ("null", lambda root: root.update(
    consistent_snapshot=None)))
def root_without_a_word_on_consistent_snapshots(change):
    repo = Repository(consistent=False)
    change(repo.body("root"))
    repo.publish("root")
    client = Client(repo)
    same(client.init(), 0)
    same(client.refresh(), 0)
    same(repo.asked[-3:], [("timestamp", None), ("snapshot", None), ("targets", None)])


@case(("length alone", ("hashes",)), ("hashes alone", ("length",)), ("neither", ("hashes", "length")))
def index_gives_less_of_a_role(left_out):
    repo = Repository()
    repo.with_hashes = True
    repo.delegate("targets", "A")
    repo.add_target("A", "file", b"content")
    repo.publish("A", "targets")
    for entry in repo.body("snapshot")["meta"].values():
        for name in left_out:
            del entry[name]
    repo.publish("snapshot")
    for name in left_out:
        del repo.body("timestamp")["meta"]["snapshot.json"][name]
    repo.publish("timestamp")
    whole_way(repo)


@case()
def hashes_in_capital_letters():
    repo = Repository()
    repo.with_hashes = True
    repo.add_target("targets", "file", b"content", ("sha256", "sha512"))
    upper = {name: digits.upper() for name, digits in target_entry(b"content", ("sha256", "sha512"))["hashes"].items()}
    repo.body("targets")["targets"]["file"]["hashes"] = upper
    repo.publish("targets")
    entry = repo.body("snapshot")["meta"]["targets.json"]
    entry["hashes"] = {name: digits.upper() for name, digits in entry["hashes"].items()}
    repo.publish("snapshot", "timestamp")
    client = whole_way(repo)
    # The name on the server is spelt as the metadata spells it.
    same(repo.asked_targets, [("file", upper["sha256"])])
    same(client.download("file"), 0)
    same(len(repo.asked_targets), 1)


@case(("2^31", 1 << 31), ("2^53+1", (1 << 53) + 1), ("2^63-2", (1 << 63) - 2))
def versions_are_large(version):
    repo = Repository()
    repo.add_target("targets", "file", b"content")
    for role in ("targets", "snapshot", "timestamp"):
        repo.start_again(role, version)
    repo.publish("targets", "snapshot", "timestamp")
    client = whole_way(repo)
    same(client.versions(), tops(1, version, version, version))


@case()
def three_hundred_roots_at_once():
    repo, client = fresh(Repository("ed25519"))
    repo.publish(*["root"] * 300)
    same(client.refresh(), 0)
    same(client.version("root"), 301)
    same(client.refresh(), 0)
    same(repo.asked[-2:], [("root", 302), ("timestamp", None)])


# Delegations.
PATTERNS = (("?", "\u00e4", 1), ("a?c", "a\u20acc", 1), ("??", "\U0001f600", 0), ("[\u00e0-\u00f6]", "\u00e4", 1),
            ("[!\u00e4]", "\u00f6", 1), ("[!\u00e4]", "\u00e4", 0), ("[\u00e4]x", "\u00e4x", 1),
            ("*\u00e4", "\u00e4\u00e4", 1),
            ("/a", "/a", 1), ("/a", "a", 0), ("a//b", "a//b", 1), ("*/", "a/", 1), ("[]]", "]", 1), ("[!]]", "]", 0),
            ("[z-a]", "m", 0), ("[a-]", "-", 1), ("\\*", "\\a", 1), ("\\*", "*", 0), ("a[b/c]d", "abd", 0),
            ("A", "a", 0), ("*.tar.gz", "x.tar.gz", 1), ("*", ".hidden", 1))


@case(*((f"{pattern} and {path}", (pattern, path, covered)) for pattern, path, covered in PATTERNS))
def pattern_is_compared_by_characters(wanted):
    pattern, path, covered = wanted
    repo, client = fresh()
    repo.delegate("targets", "A", (pattern,))
    repo.publish("A", "targets", "snapshot", "timestamp")
    same(client.download(path), 1)
    same(repo.asked[4:], [("A", 1)] if covered else [])


def path_whose_digest(begins):
    return next(path for path in map(str, range(10 ** 6))
                if hashlib.sha256(path.encode()).hexdigest().startswith(begins))


@case(*((f"{bits} bits, {begins}", (bits, begins)) for bits in (1, 3, 4, 7, 8, 9, 12, 13, 16, 17, 20, 24, 29, 31, 32)
        for begins in ("000", "fff")))
def one_bin_of_very_many(wanted):
    bits, begins = wanted
    repo, client = fresh()
    path = path_whose_digest(begins)
    signer, name = Signer(), repo.bin_of(bits, "bin", path)
    repo.body("targets")["delegations"] = {"keys": {signer.keyid: signer.public}, "succinct_roles": {
        "keyids": [signer.keyid], "threshold": 1, "bit_length": bits, "name_prefix": "bin"}}
    repo.new_targets(name)
    repo.signers[name] = [signer]
    repo.add_target(name, path, b"content")
    repo.publish(name, "targets", "snapshot", "timestamp")
    same(client.download(path), 0)
    same(repo.asked[4:], [(name, 1)])


@case(("no bits", {"bit_length": 0}), ("33 bits", {"bit_length": 33}), ("bits as text", {"bit_length": "8"}),
      ("no prefix", {"name_prefix": ""}), ("a threshold of zero", {"threshold": 0}))
def bins_that_are_malformed(change):
    repo, client = fresh()
    repo.delegate_bins("targets", 2, "bin")
    repo.body("targets")["delegations"]["succinct_roles"].update(change)
    repo.publish("targets", "snapshot", "timestamp")
    same(client.refresh(), 1)
    expect("tuf-malformed" in client.output, client.output)


@case(("the whole digest", (lambda d: d, 1)), ("one digit", (lambda d: d[:1], 1)), ("none", (lambda d: "", 1)),
      ("one digit too many", (lambda d: d[:-1] + ("0" if d[-1] != "0" else "1"), 0)))
def prefix_of_a_digest(wanted):
    prefix, covered = wanted
    repo, client = fresh()
    repo.delegate("targets", "A", prefixes=["-", prefix(hashlib.sha256(b"path").hexdigest())])
    repo.add_target("A", "path", b"content")
    repo.publish("A", "targets", "snapshot", "timestamp")
    same(client.download("path"), 0 if covered else 1)
    same(repo.asked[4:], [("A", 1)] if covered else [])


@case()
def graph_in_which_everybody_delegates_to_everybody():
    repo, client = fresh()
    names = [f"r{number}" for number in range(20)]
    for delegator in ("targets", *names):
        for role in names:
            if role != delegator:
                repo.delegate(delegator, role, signer=repo.signers.get(role, [Signer("ed25519")])[0])
    for name in names:
        repo.signers[name] = repo.signers[name][:1]
    repo.publish(*names, "targets", "snapshot", "timestamp")
    same(client.download("path"), 1)
    same(sorted(repo.asked[4:]), sorted((name, 1) for name in names))
    expect("tuf-target-unknown" in client.output, client.output)


@case()
def role_that_delegates_to_itself():
    repo, client = fresh()
    repo.delegate("targets", "A")
    repo.delegate("A", "A", signer=repo.signers["A"][0])
    repo.signers["A"].pop()
    repo.publish("A", "targets", "snapshot", "timestamp")
    same(client.download("path"), 1)
    same(repo.asked[4:], [("A", 1)])


# The command line.
@case(("with", "/"), ("without", ""))
def addresses_with_and_without_a_slash_at_their_end(end):
    repo, client = fresh()
    repo.add_target("targets", "dir/file", b"content")
    repo.publish("targets", "snapshot", "timestamp")
    same(client.run(["--target-dir", str(client.targets), "--target-name", "dir/file", "--target-base-url",
                     f"{client.url}/targets{end}", "--metadata-url", f"{client.url}/metadata{end}", "download"]), 0)
    same(client.downloaded(), [b"content"])


@case()
def one_target_named_twice_is_fetched_once():
    repo, client = fresh()
    repo.add_target("targets", "file", b"content")
    repo.publish("targets", "snapshot", "timestamp")
    same(client.download("file", "file"), 0)
    same(len(repo.asked_targets), 1)
    same(client.downloaded(), [b"content"])


@case()
def clock_of_another_zone_with_a_fraction():
    repo, client = fresh()
    repo.body("root")["expires"] = moment(7)
    repo.publish("root")
    same(client.refresh(at="2026-01-01 10:00:00.123456+02:00"), 0)
    same(client.refresh(at="2199-01-01 10:00:00.123456+00:00"), 1)
    expect("tuf-expired" in client.output, client.output)
