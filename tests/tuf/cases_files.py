# SPDX-License-Identifier: Apache-2.0
"""Targets: fetched, verified, named, and not fetched twice."""
import hashlib

from harness import Client, case, expect, fresh, same
from simulator import Repository, target_entry


def with_target(path="file.txt", content=b"the content", **options):
    repo, client = fresh(**options)
    repo.add_target("targets", path, content)
    repo.publish("targets", "snapshot", "timestamp")
    return repo, client


@case(("plain", "file.txt"), ("in folders", "path/to/a/file.txt"), ("long", "x" * 300), ("leading slash",
    "/etc/passwd"),
      ("dots", "../../file"), ("blanks and signs", "a b/ü%20?#&+;.txt"), ("hidden", ".file"), ("just dots", ".."))
def target_is_fetched(path):
    repo, client = with_target(path)
    same(client.refresh(), 0)
    same(client.downloaded(), [])
    same(client.download(path), 0)
    same(client.downloaded(), [b"the content"])
    same([p.parent for p in client.targets.rglob("*")], [client.targets])


@case()
def empty_target():
    _, client = with_target(content=b"")
    same(client.download("file.txt"), 0)
    same(client.downloaded(), [b""])


@case()
def target_that_was_exchanged_on_the_server():
    repo, client = with_target()
    repo.add_target("targets", "other.txt", b"other content")
    repo.publish("targets", "snapshot", "timestamp")
    same(client.download("file.txt"), 0)
    repo.files["file.txt"] = repo.files["other.txt"] = b"malicious"
    same(client.download("file.txt"), 0)
    same(client.download("other.txt"), 1)
    same(client.downloaded(), [b"the content"])


@case(("shorter", b"the conten"), ("longer", b"the content, and more"), ("of the same length", b"the c0ntent"),
    ("nothing", b""))
def content_that_is_not_the_one(content):
    repo, client = with_target()
    repo.files["file.txt"] = content
    same(client.download("file.txt"), 1)
    same(client.downloaded(), [])


@case()
def target_changes_many_times():
    repo, client = with_target(content=b"version 0")
    wanted = []
    for number in range(8):
        content = f"version {number}".encode()
        repo.add_target("targets", "file.txt", content)
        repo.add_target("targets", f"new-{number}", content + b"!")
        repo.publish("targets", "snapshot", "timestamp")
        if number % 3:
            continue
        same(client.download("file.txt"), 0)
        wanted = [each for each in wanted if not each.startswith(b"version") or each.endswith(b"!")] + [content]
        same(client.download(f"new-{number}"), 0)
        wanted.append(content + b"!")
        same(client.downloaded(), wanted)
        good, repo.files["file.txt"] = repo.files["file.txt"], b"malicious!"
        client.download("file.txt")
        same(client.downloaded(), wanted)
        repo.files["file.txt"] = good


@case(("sha256", ["sha256"]), ("sha384", ["sha384"]), ("sha512", ["sha512"]), ("two", ["sha256", "sha512"]))
def every_hash_is_good_enough(algorithms):
    repo, client = fresh()
    repo.add_target("targets", "file.txt", b"content", algorithms)
    repo.publish("targets", "snapshot", "timestamp")
    same(client.download("file.txt"), 0)
    same(len(repo.asked_targets), 1)
    expect(repo.asked_targets[0][1] in repo.body("targets")["targets"]["file.txt"]["hashes"].values(), "prefix")
    same(client.downloaded(), [b"content"])


@case(("only", {}), ("beside a right one", {"sha256": hashlib.sha256(b"the content").hexdigest()}))
def hash_of_an_unknown_algorithm(known):
    repo, client = with_target()
    repo.body("targets")["targets"]["file.txt"]["hashes"] = {**known, "unknown": "ab" * 32}
    repo.publish("targets", "snapshot", "timestamp")
    same(client.download("file.txt"), 0 if known else 1)
    same(client.downloaded(), [b"the content"] if known else [])


@case()
def one_of_two_hashes_is_wrong():
    repo, client = with_target()
    repo.body("targets")["targets"]["file.txt"]["hashes"]["sha512"] = "00" * 64
    repo.publish("targets", "snapshot", "timestamp")
    same(client.download("file.txt"), 1)
    same(client.downloaded(), [])


@case()
def target_that_is_there_is_not_fetched_again():
    repo, client = with_target()
    same(client.download("file.txt"), 0)
    same(client.download("file.txt"), 0)
    same(len(repo.asked_targets), 1)


@case()
def target_that_was_altered_here_is_fetched_again():
    repo, client = with_target()
    same(client.download("file.txt"), 0)
    path = next(client.targets.iterdir())
    path.write_bytes(b"the c0ntent")
    same(client.download("file.txt"), 0)
    same(client.downloaded(), [b"the content"])
    same(len(repo.asked_targets), 2)


@case()
def several_targets_in_order_up_to_the_first_that_fails():
    repo, client = with_target("a", b"a")
    repo.add_target("targets", "b", b"b")
    repo.add_target("targets", "c", b"c")
    repo.publish("targets", "snapshot", "timestamp")
    repo.asked.clear()
    same(client.download("c", "missing", "a"), 1)
    same(client.downloaded(), [b"c"])
    same(repo.asked, [("root", 2), ("timestamp", None), ("snapshot", 3), ("targets", 3)])
    same(client.download("c", "a", "b"), 0)
    same(client.downloaded(), [b"c", b"a", b"b"])


@case(("consistent", (True, True)), ("consistent, targets without a prefix", (True, False)), ("not consistent",
    (False, False)))
def consistent_snapshots(how):
    consistent, prefix = how
    repo, client = fresh(Repository(consistent=consistent))
    repo.prefix_targets = prefix
    repo.delegate("targets", "role", ("dir/*",))
    repo.add_target("role", "dir/file", b"content")
    repo.publish("role", "targets", "snapshot", "timestamp")
    version = 1 if consistent else None
    same(client.download("dir/file"), 1 if consistent and not prefix else 0)
    same(repo.asked, [("root", 2), ("timestamp", None), ("snapshot", 2 if consistent else None),
                      ("targets", 2 if consistent else None), ("role", version)])
    if not consistent:
        same(repo.asked_targets, [("dir/file", None)])


@case()
def repository_becomes_consistent_and_stops_to_be():
    repo, client = fresh(Repository(consistent=False))
    same(client.refresh(), 0)
    for consistent in (True, False, True):
        repo.body("root")["consistent_snapshot"] = consistent
        repo.publish("root", "targets", "snapshot", "timestamp")
        same(client.refresh(), 0)
    same(client.version("targets"), 4)


@case(*((name, name) for name in ("?", "#", "/role", "../role", ".", "..", "a b", "ä", "日本語", "%2F", "a/b/c", "\\",
                                  "x" * 400, "1.root", "root.json", "a\nb", "😀")))
def unusual_name_of_a_role(name):
    import urllib.parse
    repo, client = fresh()
    repo.delegate("targets", name)
    repo.add_target(name, "file", b"content")
    repo.publish(name, "targets", "snapshot", "timestamp")
    same(client.download("missing"), 1)
    expect((urllib.parse.quote(name, ""), 1) in repo.asked, repo.asked)
    same(len(client.versions()), 5)
    same(sorted(p.name for p in client.metadata.parent.iterdir()), ["metadata", "pinned.json", "targets"])
    same(client.download("file"), 0)
    same(client.downloaded(), [b"content"])


@case(("negative length", lambda e: e.update(length=-1)), ("no length", lambda e: e.pop("length")),
      ("no hashes", lambda e: e.pop("hashes")), ("empty hashes", lambda e: e.update(hashes={})),
      ("length as text", lambda e: e.update(length="11")))
def target_entry_that_is_malformed(change):
    repo, client = with_target()
    change(repo.body("targets")["targets"]["file.txt"])
    repo.publish("targets", "snapshot", "timestamp")
    same(client.refresh(), 1)


@case()
def custom_members_of_targets():
    repo, client = with_target()
    repo.body("targets")["targets"]["file.txt"]["custom"] = {"any": ["thing", -1, None, {"nested": True}]}
    repo.publish("targets", "snapshot", "timestamp")
    same(client.download("file.txt"), 0)


@case()
def interrupted_download_goes_on_where_it_was():
    repo, client = with_target(content=bytes(range(256)) * 4096)
    same(client.refresh(), 0)
    name = "file.txt"
    (client.targets / f"{name}+part").write_bytes(repo.files["file.txt"][:300000])
    same(client.download("file.txt"), 0)  # this server knows no ranges: the client begins anew
    same(client.downloaded(), [repo.files["file.txt"]])


@case()
def leftover_of_other_bytes_does_no_harm():
    repo, client = with_target(content=b"x" * 100000)
    (client.targets / "file.txt+part").write_bytes(b"y" * 5000)
    same(client.download("file.txt"), 0)
    same(client.downloaded(), [b"x" * 100000])


@case()
def clients_share_nothing():
    repo, first = with_target()
    second = Client(repo)
    same(second.init(), 0)
    same(first.download("file.txt"), 0)
    same(second.downloaded(), [])
    same(target_entry(b"the content"), repo.body("targets")["targets"]["file.txt"])
