# SPDX-License-Identifier: Apache-2.0
"""Delegations: who is asked, in which order, for which paths, and on whose word."""
import hashlib

from harness import case, expect, fresh, same
from simulator import Signer, moment

ALL = ("*",)
# name: ([(delegator, role, paths, terminating)…], the roles in the order in which they have to be asked)
GRAPHS = {
    "one": ([("targets", "A", ALL, 0)], "A"),
    "two side by side": ([("targets", "A", ALL, 0), ("targets", "B", ALL, 0)], "AB"),
    "two levels": ([("targets", "A", ALL, 0), ("targets", "B", ALL, 0), ("B", "C", ALL, 0)], "ABC"),
    "depth comes first": ([("targets", "A", ALL, 0), ("targets", "B", ALL, 0), ("A", "C", ALL, 0), ("A", "D", ALL,
        0)], "ACDB"),
    "depth comes first, three levels": ([("targets", "A", ALL, 0), ("targets", "B", ALL, 0), ("A", "C", ALL, 0),
                                         ("C", "D", ALL, 0)], "ACDB"),
    "a terminating one ends it": ([("targets", "A", ALL, 0), ("targets", "B", ALL, 0), ("A", "C", ALL, 1), ("A",
        "D", ALL, 0)], "AC"),
    "but not below itself": ([("targets", "A", ALL, 0), ("targets", "B", ALL, 0), ("A", "C", ALL, 1), ("C", "D",
        ALL, 0)], "ACD"),
    "a terminating one for other paths does not": ([("targets", "A", ("*.py",), 1), ("targets", "B", ALL, 0)], "B"),
    "other paths are left out": ([("targets", "A", ("*.py",), 0), ("targets", "B", ALL, 0), ("A", "C", ALL, 0)], "B"),
    "other paths are left out, deeper": ([("targets", "A", ALL, 0), ("targets", "B", ALL, 0), ("A", "C", ("*.py",),
        0),
                                          ("C", "D", ALL, 0)], "AB"),
    "a circle": ([("targets", "A", ALL, 0), ("targets", "B", ALL, 0), ("B", "C", ALL, 0), ("C", "D", ALL, 0),
                  ("D", "B", ALL, 0)], "ABCD"),
    "two delegate to a third": ([("targets", "A", ALL, 0), ("targets", "B", ALL, 0), ("B", "C", ALL, 0), ("A", "C",
        ALL, 0)], "ACB"),
    "two delegate to a third, one of them other paths": ([("targets", "A", ALL, 0), ("targets", "B", ALL, 0),
                                                          ("B", "C", ALL, 0), ("A", "C", ("*.py",), 0)], "ABC"),
}


def build(repo, delegations, files=()):
    roles = []
    for delegator, role, paths, terminating in delegations:
        repo.delegate(delegator, role, paths, bool(terminating))
        roles += [name for name in (delegator, role) if name not in roles]
    for role, path in files:
        repo.add_target(role, path, f"{path} by {role}".encode())
    repo.publish(*(role for role in roles if role != "targets"), "targets", "snapshot", "timestamp")


@case(*GRAPHS.items())
def order_of_the_search(graph):
    repo, client = fresh()
    build(repo, graph[0])
    same(client.download("missing"), 1)
    same(repo.asked[4:], [(role, 1) for role in graph[1]])


TREE = [("targets", "A", ("*.doc", "*.md"), 0), ("targets", "B", ("releases/*/*",), 0), ("B", "C",
    ("releases/x/*",), 0),
        ("B", "D", ("releases/y/*.zip",), 0)]
FILES = [("targets", "file"), ("A", "README.md"), ("C", "releases/x/x_v1"), ("D", "releases/y/y_v1.zip"),
         ("D", "releases/z/z_v1.zip")]


@case(("file", ("", 0)), ("README.md", ("A", 0)), ("releases/x/x_v1", ("BC", 0)), ("releases/y/y_v1.zip", ("BD", 0)),
      ("releases/z/z_v1.zip", ("B", 1)))
def every_delegation_on_the_way_must_cover_the_path(wanted):
    path = {("", 0): "file", ("A", 0): "README.md", ("BC", 0): "releases/x/x_v1", ("BD", 0): "releases/y/y_v1.zip",
            ("B", 1): "releases/z/z_v1.zip"}[wanted]
    repo, client = fresh()
    build(repo, TREE, FILES)
    same(client.download(path), wanted[1])
    same(client.downloaded(), [repo.files[path]] if wanted[1] == 0 else [])
    same(repo.asked[4:], [(role, 1) for role in wanted[0]])


PATTERNS = (("*", "a", 1), ("*", "a/b", 0), ("*/*", "a/b", 1), ("a*c", "abbc", 1), ("a*c", "abcd", 0), ("?", "ab", 0),
            ("a?c", "abc", 1), ("[ab]", "a", 1), ("[!ab]", "a", 0), ("[a-c]x", "bx", 1), ("dir/", "dir/x", 0),
            ("*.*", "a.b", 1), ("**", "ab", 1), ("a[", "a[", 1), ("", "a", 0), ("*a*a*a*a*a*b", "a" * 60, 0))


@case(*((f"{pattern} and {path[:20]}", (pattern, path, covered)) for pattern, path, covered in PATTERNS))
def pattern_covers_path(wanted):
    pattern, path, covered = wanted
    repo, client = fresh()
    repo.delegate("targets", "A", (pattern,))
    repo.publish("A", "targets", "snapshot", "timestamp")
    same(client.download(path), 1)
    same(repo.asked[4:], [("A", 1)] if covered else [])


@case()
def prefixes_of_the_path_s_digest():
    repo, client = fresh()
    digest = hashlib.sha256(b"path").hexdigest()
    repo.delegate("targets", "no", prefixes=["0" if digest[0] != "0" else "1"])
    repo.delegate("targets", "yes", prefixes=["zz", digest[:3]])
    repo.add_target("yes", "path", b"content")
    repo.publish("no", "yes", "targets", "snapshot", "timestamp")
    same(client.download("path"), 0)
    same(repo.asked[4:], [("yes", 1)])


@case(("both", lambda d: d.update(path_hash_prefixes=["ab"])), ("neither", lambda d: d.pop("paths")),
      ("a threshold of zero", lambda d: d.update(threshold=0)), ("no name", lambda d: d.pop("name")),
      ("an empty name", lambda d: d.update(name="")), ("the name of a top-level role",
      lambda d: d.update(name="root")),
      ("a negative threshold", lambda d: d.update(threshold=-1)), ("paths that are no texts",
      lambda d: d.update(paths=[1])))
def delegation_that_is_malformed(change):
    repo, client = fresh()
    repo.delegate("targets", "A")
    repo.publish("A")
    change(repo.body("targets")["delegations"]["roles"][0])
    repo.publish("targets", "snapshot", "timestamp")
    same(client.refresh(), 1)
    expect("tuf-malformed" in client.output, client.output)


@case(*((f"{bits} bits", bits) for bits in (1, 2, 4, 5, 8)))
def succinct_bins(bits):
    repo, client = fresh()
    names = repo.delegate_bins("targets", bits, "bin")
    wanted = []
    for number in range(3):
        path = f"target-{number}"
        wanted.append(repo.bin_of(bits, "bin", path))
        repo.add_target(wanted[-1], path, path.encode())
    repo.publish(*names, "targets", "snapshot", "timestamp")
    same(client.download("target-0", "target-1", "target-2"), 0)
    same(sorted(client.downloaded()), [b"target-0", b"target-1", b"target-2"])
    same(repo.asked[4:], [(name, 1) for name in dict.fromkeys(wanted)])
    same(client.download("missing"), 1)


@case(("0 bits", {"bit_length": 0}), ("33 bits", {"bit_length": 33}), ("no prefix", {"name_prefix": ""}),
      ("no keys", {"keyids": None}))
def succinct_bins_that_are_malformed(change):
    repo, client = fresh()
    repo.delegate_bins("targets", 1, "bin")
    repo.body("targets")["delegations"]["succinct_roles"].update(change)
    repo.publish("bin-0", "bin-1", "targets", "snapshot", "timestamp")
    same(client.refresh(), 1)


@case()
def bins_and_roles_together_are_malformed():
    repo, client = fresh()
    repo.delegate_bins("targets", 1, "bin")
    repo.body("targets")["delegations"]["roles"] = []
    repo.publish("bin-0", "bin-1", "targets", "snapshot", "timestamp")
    same(client.refresh(), 1)


# On whose word.
@case()
def unsigned_role_ends_the_search():
    repo, client = fresh()
    repo.delegate("targets", "A")
    repo.delegate("targets", "B")
    repo.add_target("B", "path", b"content")
    repo.signers["A"] = [Signer()]
    repo.publish("A", "B", "targets", "snapshot", "timestamp")
    same(client.download("path"), 1)
    same(repo.asked[4:], [("A", 1)])
    same(client.kept("A"), None)


@case()
def role_that_the_index_does_not_name_ends_the_search():
    repo, client = fresh()
    repo.delegate("targets", "A")
    repo.delegate("targets", "B")
    repo.publish("B", "targets", "snapshot", "timestamp")
    same(client.download("path"), 1)
    same(repo.asked[4:], [])
    expect("tuf-role-missing" in client.output, client.output)


def two_words_for_one_role(repo):
    """A and B delegate to C with different keys; C is signed by A's choice alone."""
    repo.delegate("targets", "A", ("one/*",))
    repo.delegate("targets", "B", ("two/*",))
    repo.delegate("A", "C", ("*/*",))
    repo.delegate("B", "C", ("*/*",))
    repo.signers["C"].pop()
    repo.add_target("C", "one/file", b"one")
    repo.add_target("C", "two/file", b"two")
    repo.publish("C", "A", "B", "targets", "snapshot", "timestamp")


@case(("in one run", 1), ("one after the other", 2))
def role_is_asked_again_for_each_delegator(runs):
    repo, client = fresh()
    two_words_for_one_role(repo)
    if runs == 1:
        same(client.download("one/file", "two/file"), 1)
    else:
        same(client.download("one/file"), 0)
        same(client.download("two/file"), 1)
    same(client.downloaded(), [b"one"])
    expect("tuf-signatures-missing" in client.output, client.output)


@case()
def role_with_the_keys_of_both_delegators_serves_both():
    repo, client = fresh()
    two_words_for_one_role(repo)
    repo.signers["C"].append(repo.delegate("B", "D", ("x/*",)))
    repo.body("B")["delegations"]["roles"].pop()
    keyid = repo.signers["C"][-1].keyid
    repo.body("B")["delegations"]["roles"][0]["keyids"] = [keyid]
    repo.publish("C", "B", "snapshot", "timestamp")
    same(client.download("one/file", "two/file"), 0)
    same(client.downloaded(), [b"one", b"two"])
    same([entry for entry in repo.asked if entry[0] == "C"], [("C", 2)])


@case()
def role_that_is_kept_answers_to_the_newest_delegator():
    repo, client = fresh()
    repo.delegate("targets", "A")
    repo.add_target("A", "path", b"content")
    repo.publish("A", "targets", "snapshot", "timestamp")
    same(client.download("path"), 0)
    entry = repo.body("targets")["delegations"]["roles"][0]
    entry["keyids"].clear()
    repo.add_key("A", Signer(), "targets")
    repo.publish("targets", "snapshot", "timestamp")
    same(client.download("path"), 1)


# Time and versions of delegated roles.
@case()
def expired_delegated_role_is_not_taken():
    repo, client = fresh()
    repo.delegate("targets", "A", ("a/*",))
    repo.body("A")["expires"] = moment(-1)
    repo.add_target("A", "a/file", b"content")
    repo.publish("A", "targets", "snapshot", "timestamp")
    same(client.refresh(), 0)
    same(client.download("a/file"), 1)
    same(client.downloaded(), [])
    same(client.kept("A"), None)


@case(("stands still", 0), ("goes on", 1))
def delegated_role_that_expired_here(goes_on):
    repo, client = fresh()
    repo.delegate("targets", "A", ("a/*",))
    repo.body("A")["expires"] = moment(7)
    repo.add_target("A", "a/1", b"first")
    repo.add_target("A", "a/2", b"second")
    repo.publish("A", "targets", "snapshot", "timestamp")
    same(client.download("a/1"), 0)
    if goes_on:
        repo.body("A")["expires"] = moment(21)
        repo.publish("A", "snapshot", "timestamp")
    same(client.download("a/2", at="+18d"), 0 if goes_on else 1)
    same(client.downloaded(), [b"first", b"second"] if goes_on else [b"first"])


@case(("hash", {"hashes": {"sha256": "00" * 32}}), ("length", {"length": 5}), ("version", {"version": 7}))
def delegated_role_that_is_not_the_announced_one(entry):
    repo, client = fresh()
    repo.delegate("targets", "A")
    repo.publish("A", "targets")
    repo.body("snapshot")["meta"]["A.json"].update(entry)
    repo.published["A"][7] = repo.published["A"][1]
    repo.publish("snapshot", "timestamp")
    same(client.download("path"), 1)
    same(client.kept("A"), None)


@case()
def delegated_role_that_is_kept_is_not_fetched_again():
    repo, client = fresh()
    repo.delegate("targets", "A")
    repo.add_target("A", "path", b"content")
    repo.publish("A", "targets", "snapshot", "timestamp")
    same(client.download("path"), 0)
    repo.asked.clear()
    same(client.download("path"), 0)
    same(repo.asked, [("root", 2), ("timestamp", None)])


@case()
def search_is_bounded():
    repo, client = fresh()
    names = [f"role-{number}" for number in range(80)]
    for delegator, role in zip(["targets"] + names, names):
        repo.delegate(delegator, role)
    repo.publish(*names, "targets", "snapshot", "timestamp")
    same(client.download("path"), 1)
    same(len(repo.asked[4:]), 63)
    expect("tuf-delegations-exceeded" in client.output, client.output)

