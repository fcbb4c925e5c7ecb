# SPDX-License-Identifier: Apache-2.0
"""The workflow itself: what is asked for, in which order, what is kept, and what is refused at the first look."""
import json

from harness import Client, case, expect, fresh, same, tops
from simulator import Repository, Signer, moment


@case()
def refresh_asks_for_each_role_once():
    repo, client = fresh()
    same(client.refresh(), 0)
    same(repo.asked, [("root", 2), ("timestamp", None), ("snapshot", 1), ("targets", 1)])


@case()
def refresh_keeps_the_bytes_that_were_served():
    repo, client = fresh()
    repo.published["timestamp"][1] = repo.latest["timestamp"] = repo.latest["timestamp"] + b" \n"
    same(client.refresh(), 0)
    for role in ("root", "timestamp", "snapshot", "targets"):
        same(client.kept(role), repo.latest[role], role)


@case()
def init_asks_for_nothing():
    repo, _ = fresh()
    same(repo.asked, [])


@case()
def download_refreshes_first():
    repo, client = fresh()
    same(client.download("there is no such target"), 1)
    same(repo.asked, [("root", 2), ("timestamp", None), ("snapshot", 1), ("targets", 1)])
    same(client.versions(), tops(1, 1, 1, 1))


@case(("without a version", lambda r: r["signed"].pop("version")),
      ("with a foreign signature", lambda r: r["signatures"][0].update(sig="3045" + "ab" * 69)),
      ("without signatures", lambda r: r["signatures"].clear()),
      ("of another type", lambda r: r["signed"].update(_type="targets")),
      ("of TUF 2", lambda r: r["signed"].update(spec_version="2.0.0")),
      ("with a threshold of zero", lambda r: r["signed"]["roles"]["root"].update(threshold=0)),
      ("without a role", lambda r: r["signed"]["roles"].pop("snapshot")))
def first_root_that_is_wrong_leads_nowhere(change):
    repo = Repository()
    root = json.loads(repo.published["root"][1])
    change(root)
    client = Client(repo, json.dumps(root).encode())
    client.init()
    same(client.refresh(), 1)
    same(repo.asked, [])


@case(("root", tops(1, None, None, None)), ("timestamp", tops(2, None, None, None)),
      ("snapshot", tops(2, None, None, 2)), ("targets", tops(2, None, 2, 2)))
def unsigned_role_stops_the_refresh_there(kept):
    role = {1: "targets" if "snapshot" in kept else "snapshot", 0: "timestamp"}["timestamp" in kept]
    if kept["root"] == 1:
        role = "root"
    repo, client = fresh()
    repo.signers[role].clear()
    repo.publish("root", "targets", "snapshot", "timestamp")
    same(client.refresh(), 1)
    same(client.versions(), kept)


@case(("root", tops(1, None, None, None)), ("snapshot", tops(2, None, None, 2)), ("targets", tops(2, None, 2, 2)))
def version_in_the_file_differs_from_its_name(kept):
    role = "root" if kept["root"] == 1 else "targets" if "snapshot" in kept else "snapshot"
    repo, client = fresh()
    repo.body(role)["version"] += 1
    repo.publish("root", "targets", "snapshot", "timestamp")
    same(client.refresh(), 1)
    same(client.versions(), kept)


@case()
def timestamp_that_changed_under_its_version_is_not_taken():
    repo, client = fresh(refreshed=True)
    repo.body("timestamp")["meta"]["snapshot.json"]["version"] = 100
    repo.start_again("timestamp")
    repo.publish("timestamp")
    before = client.kept("timestamp")
    same(client.refresh(), 0)
    same(repo.asked[-1], ("timestamp", None))
    same(client.kept("timestamp"), before)


@case()
def hashes_of_metadata_are_compared():
    repo, client = fresh()
    repo.with_hashes = True
    repo.publish("targets", "snapshot", "timestamp")
    same(client.refresh(), 0)
    repo.publish("targets")
    repo.body("snapshot")["meta"]["targets.json"]["hashes"]["sha256"] = "46" * 32
    repo.publish("snapshot", "timestamp")
    same(client.refresh(), 1)
    same(client.versions(), tops(1, 2, 3, 3))


@case(("shorter", -1), ("longer", 1))
def length_of_metadata_is_compared(difference):
    repo, client = fresh()
    repo.with_hashes = True
    repo.publish("snapshot")
    repo.body("timestamp")["meta"]["snapshot.json"]["length"] += difference
    repo.publish("timestamp")
    same(client.refresh(), 1)
    same(client.versions(), tops(1, None, None, 2))


@case()
def hashes_that_are_no_longer_given_are_no_reason():
    repo, client = fresh()
    repo.with_hashes = True
    repo.publish("targets", "snapshot", "timestamp")
    same(client.refresh(), 0)
    repo.with_hashes = False
    repo.publish("targets", "snapshot", "timestamp")
    same(client.refresh(), 0)
    same(client.versions(), tops(1, 3, 3, 3))


@case()
def targets_that_nobody_announced_are_not_fetched():
    repo, client = fresh(refreshed=True)
    repo.publish("targets")
    same(client.refresh(), 0)
    same(client.version("targets"), 1)
    same(repo.asked[-1], ("timestamp", None))


@case()
def members_that_nobody_knows_are_signed_and_kept():
    repo, client = fresh(refreshed=True)
    signer = Signer()
    signer.public["extra"] = {"b": [1, None, True, {"ä": "\"\\/"}], "a": -7}
    signer.rename()
    repo.add_key("root", signer)
    repo.body("root")["custom"] = "value\n\u0001€"
    repo.body("root")["roles"]["root"]["another"] = "value"
    repo.body("targets")["x"] = {}
    repo.publish("root", "targets", "snapshot", "timestamp")
    same(client.refresh(), 0)
    same(client.versions(), tops(2, 2, 2, 2))


@case(("md5", "md5"), ("a list", ["sha256", "sha512"]), ("a lie", ["md5"]))
def keyid_hash_algorithms_mean_nothing(value):
    repo, client = fresh()
    repo.rotate("snapshot")
    signer = Signer()
    signer.public["keyid_hash_algorithms"] = value
    signer.rename()
    repo.body("root")["roles"]["snapshot"]["keyids"].clear()
    repo.signers["snapshot"].clear()
    repo.add_key("snapshot", signer)
    repo.publish("root", "snapshot", "timestamp")
    same(client.refresh(), 0)
    same(client.versions(), tops(2, 1, 2, 2))


@case()
def snapshot_that_is_not_there():
    repo, client = fresh(refreshed=True)
    repo.body("timestamp")["meta"]["snapshot.json"]["version"] += 1
    repo.publish("timestamp")
    same(client.refresh(), 1)
    same(repo.asked[-1], ("snapshot", 2))
    same(client.versions(), tops(1, 1, 1, 2))


@case()
def targets_that_are_not_there():
    repo, client = fresh(refreshed=True)
    repo.body("snapshot")["meta"]["targets.json"]["version"] += 1
    repo.publish("snapshot", "timestamp")
    same(client.refresh(), 1)
    same(repo.asked[-1], ("targets", 2))
    same(client.versions(), tops(1, 1, 2, 2))


@case()
def timestamp_that_is_not_there():
    repo, client = fresh(refreshed=True)
    repo.start_again("timestamp")
    same(client.refresh(), 1)
    same(repo.asked[-1], ("timestamp", None))
    same(client.versions(), tops(1, 1, 1, 1))


@case()
def snapshot_dressed_as_a_timestamp():
    repo, client = fresh()
    repo.add_key("snapshot", repo.signers["timestamp"][0])
    repo.body("snapshot")["meta"] = {"snapshot.json": {"version": 1}, "targets.json": {"version": 1}}
    repo.publish("root", "snapshot")
    repo.latest["timestamp"] = repo.latest["snapshot"]
    same(client.refresh(), 1)
    same(client.versions(), tops(2, None, None, None))


@case()
def clock_is_the_one_of_libc():
    repo, client = fresh()
    repo.body("root")["expires"] = moment(7)
    repo.publish("root")
    same(client.refresh(), 0)
    same(client.refresh(at="+8d"), 1)
    expect("tuf-expired" in client.output, client.output)


@case(("duplicate member", b'{"signatures":[],"signatures":[],"signed":{}}'), ("no JSON", b"<html>not here</html>"),
      ("nothing", b""), ("deep", b"[" * 60000), ("a fraction", b'{"signed":{"version":1.5},"signatures":[]}'),
      ("a long number", b'{"signed":{"version":99999999999999999999},"signatures":[]}'))
def garbage_is_refused_and_not_kept(data):
    repo, client = fresh(refreshed=True)
    repo.latest["timestamp"] = data
    before = client.versions()
    same(client.refresh(), 1)
    same(client.versions(), before)
    expect("tuf-malformed" in client.output, client.output)


@case()
def endless_metadata_is_cut_off():
    repo, client = fresh(refreshed=True)
    repo.latest["timestamp"] = repo.latest["timestamp"] + b" " * (1 << 20)
    same(client.refresh(), 1)
    expect("server-sends-too-much" in client.output, client.output)


@case()
def damaged_copy_on_the_disk_is_fetched_again():
    repo, client = fresh(refreshed=True)
    for role in ("timestamp", "snapshot", "targets"):
        (client.metadata / f"{role}.json").write_bytes(b"{")
    same(client.refresh(), 0)
    same(client.versions(), tops(1, 1, 1, 1))


@case()
def damaged_root_on_the_disk_is_the_end():
    repo, client = fresh(refreshed=True)
    (client.metadata / "root.json").write_bytes(b"{")
    repo.asked.clear()
    same(client.refresh(), 1)
    same(repo.asked, [])
