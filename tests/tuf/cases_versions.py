# SPDX-License-Identifier: Apache-2.0
"""Time and versions: what has expired, what went back, and how a repository recovers from what was pushed ahead."""
import datetime

from harness import case, expect, fresh, same, tops
from simulator import moment


# Expiry.
@case()
def expired_root_is_kept_and_is_the_end():
    repo, client = fresh(refreshed=True)
    repo.publish("root")
    same(client.refresh(), 0)
    repo.body("root")["expires"] = moment(-1)
    repo.publish("root", "targets", "snapshot", "timestamp")
    same(client.refresh(), 1)
    same(client.versions(), tops(3, 1, 1, 1))
    same(repo.asked[-1], ("root", 4))


@case()
def expired_root_on_the_way_is_no_reason():
    repo, client = fresh()
    repo.body("root")["expires"] = moment(-400)
    repo.publish("root", "root")
    repo.body("root")["expires"] = moment(30)
    repo.publish("root")
    same(client.refresh(), 0)
    same(client.version("root"), 4)


@case(("timestamp", tops(1, 1, 1, 1)), ("snapshot", tops(1, 1, 1, 2)), ("targets", tops(1, 1, 2, 2)))
def expired_role_is_not_taken(kept):
    role = {1: "timestamp", 2: "targets" if kept["snapshot"] == 2 else "snapshot"}[kept["timestamp"]]
    repo, client = fresh(refreshed=True)
    repo.body(role)["expires"] = moment(-5)
    repo.publish(*{"timestamp": ("timestamp",), "snapshot": ("snapshot", "timestamp"),
                   "targets": ("targets", "snapshot", "timestamp")}[role])
    same(client.refresh(), 1)
    same(client.versions(), kept)
    expect("tuf-expired" in client.output, client.output)


@case()
def targets_that_expire_unpublished_are_no_reason():
    repo, client = fresh(refreshed=True)
    repo.body("targets")["expires"] = moment(-5)
    repo.publish("snapshot", "timestamp")
    same(client.refresh(), 0)
    same(client.versions(), tops(1, 1, 2, 2))


@case(("by an offset", "+18d"),
      ("by a date", (datetime.datetime.now() + datetime.timedelta(days=18)).strftime("%Y-%m-%d %H:%M:%S")))
def expired_local_root_is_followed_by_a_newer_one(at):
    repo, client = fresh()
    repo.body("root")["expires"] = moment(7)
    repo.publish("root")
    same(client.refresh(), 0)
    repo.body("root")["expires"] = moment(21)
    repo.publish("root")
    same(client.refresh(at=at), 0)
    same(client.version("root"), 3)


@case()
def expired_local_timestamp_is_followed_by_a_newer_one():
    repo, client = fresh()
    repo.body("timestamp")["expires"] = moment(7)
    repo.publish("timestamp")
    same(client.refresh(), 0)
    repo.body("timestamp")["expires"] = moment(21)
    repo.publish("targets", "snapshot", "timestamp")
    same(client.refresh(at="+18d"), 0)
    same(client.versions(), tops(1, 2, 2, 3))


@case()
def expired_local_timestamp_still_forbids_a_rollback():
    repo, client = fresh()
    repo.body("timestamp")["expires"] = moment(7)
    repo.publish("timestamp")
    same(client.refresh(), 0)
    repo.start_again("timestamp")
    repo.body("timestamp")["expires"] = moment(21)
    repo.publish("timestamp")
    same(client.refresh(at="+18d"), 1)
    same(client.version("timestamp"), 2)


@case(("timestamp", "timestamp"), ("snapshot", "snapshot"), ("targets", "targets"))
def repository_that_stands_still_is_noticed(role):
    repo, client = fresh()
    repo.body(role)["expires"] = moment(7)
    repo.publish("targets", "snapshot", "timestamp")
    same(client.refresh(), 0)
    same(client.refresh(), 0)
    same(client.refresh(at="+18d"), 1)
    expect("tuf-expired" in client.output, client.output)


@case()
def expires_with_a_fraction_and_an_offset():
    repo, client = fresh()
    soon = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=2)
    west = datetime.timezone(datetime.timedelta(hours=-6))
    repo.body("timestamp")["expires"] = soon.astimezone(west).strftime("%Y-%m-%dT%H:%M:%S.99008-06:00")
    repo.publish("timestamp")
    same(client.refresh(), 0)
    repo.body("timestamp")["expires"] = soon.strftime("%Y-%m-%dT%H:%M:%S+06:00")
    repo.publish("timestamp")
    same(client.refresh(), 1)


@case(("a date", "2040-01-01"), ("a number", 2200000000), ("no time zone", "2040-01-01T00:00:00"),
      ("no such day", "2040-02-30T00:00:00Z"), ("nothing", ""))
def expires_must_be_a_time(value):
    repo, client = fresh()
    repo.body("timestamp")["expires"] = value
    repo.publish("timestamp")
    same(client.refresh(), 1)


# Rollback.
@case()
def snapshot_that_goes_back_alone_is_not_even_fetched():
    repo, client = fresh()
    repo.publish("snapshot", "timestamp")
    same(client.refresh(), 0)
    repo.publish("snapshot")
    same(client.refresh(), 0)
    same(client.version("snapshot"), 2)
    same(repo.asked[-1], ("timestamp", None))


@case()
def timestamp_does_not_go_back():
    repo, client = fresh()
    repo.publish("timestamp")
    same(client.refresh(), 0)
    repo.start_again("timestamp")
    repo.publish("timestamp")
    same(client.refresh(), 1)
    same(client.version("timestamp"), 2)
    same(repo.asked[-1], ("timestamp", None))
    expect("tuf-rollback" in client.output, client.output)


@case(("without hashes", False), ("with hashes", True))
def snapshot_does_not_go_back(with_hashes):
    repo, client = fresh()
    repo.with_hashes = with_hashes
    repo.publish("snapshot", "timestamp")
    same(client.refresh(), 0)
    repo.start_again("snapshot")
    repo.publish("snapshot", "timestamp")
    same(client.refresh(), 1)
    same(client.versions(), tops(1, 1, 2, 2))
    same(repo.asked[-1], ("timestamp", None))


@case(("without hashes", False), ("with hashes", True))
def targets_do_not_go_back(with_hashes):
    repo, client = fresh()
    repo.with_hashes = with_hashes
    repo.publish("targets", "snapshot", "timestamp")
    same(client.refresh(), 0)
    repo.start_again("targets")
    repo.publish("targets", "snapshot", "timestamp")
    same(client.refresh(), 1)
    same(client.versions(), tops(1, 2, 2, 3))


@case()
def delegated_role_does_not_go_back():
    repo, client = fresh()
    repo.delegate("targets", "role")
    repo.publish("role", "role", "targets", "snapshot", "timestamp")
    same(client.refresh(), 0)
    repo.start_again("role")
    repo.publish("role", "snapshot", "timestamp")
    same(client.refresh(), 1)
    expect("tuf-rollback" in client.output, client.output)


@case(("targets", "targets.json"), ("a delegated role", "role.json"))
def role_does_not_vanish_from_the_index(name):
    repo, client = fresh()
    repo.delegate("targets", "role")
    repo.publish("role", "targets", "snapshot", "timestamp")
    same(client.refresh(), 0)
    del repo.body("snapshot")["meta"][name]
    repo.publish("snapshot", "timestamp")
    same(client.refresh(), 1)
    same(client.version("snapshot"), 2)


@case()
def version_that_the_timestamp_announces_is_the_one_that_counts():
    repo, client = fresh()
    repo.publish("snapshot")
    repo.body("timestamp")["meta"]["snapshot.json"]["version"] -= 1
    repo.publish("root", "timestamp")
    same(client.refresh(), 0)
    same(client.versions(), tops(2, 1, 1, 2))


@case(("again the same", 0), ("one left out", 2), ("far ahead", 1 << 62))
def roots_come_one_by_one(step):
    repo, client = fresh()
    repo.body("root")["version"] += step - 1
    repo.publish("root")
    same(client.refresh(), 1)
    same(client.version("root"), 1)
    expect("tuf-version-wrong" in client.output, client.output)


@case()
def many_roots_are_walked_in_one_go():
    repo, client = fresh()
    repo.publish(*["root"] * 60)
    same(client.refresh(), 0)
    same(client.version("root"), 61)
    same(repo.asked[:61], [("root", number) for number in range(2, 63)])


# Recovery from fast-forward: nothing that an attacker signed with online keys binds once these are replaced.
@case(("2^63-1", (1 << 63) - 1), ("a hundred", 100))
def timestamp_pushed_ahead(version):
    repo, client = fresh()
    repo.body("timestamp")["version"] = version - 1
    repo.publish("timestamp")
    same(client.refresh(), 0)
    same(client.version("timestamp"), version)
    repo.rotate("timestamp")
    repo.start_again("timestamp")
    repo.publish("root", "timestamp")
    same(client.refresh(), 0)
    same(client.version("timestamp"), 1)


def comes_back(role, after_it, replaced):
    """A role is pushed ahead by whoever has stolen a key; with the keys replaced, its versions begin anew."""
    repo, client = fresh()
    repo.publish(*[role] * 99, *after_it)
    same(client.refresh(), 0)
    same(client.version(role), 100)
    for online in replaced:
        repo.rotate(online)
    repo.start_again(role)
    repo.publish("root", "targets", "snapshot", "timestamp")
    same(client.refresh(), 0)
    same(client.version(role), 1)


@case()
def snapshot_pushed_ahead():
    comes_back("snapshot", ["timestamp"], ["snapshot", "timestamp"])


@case()
def snapshot_pushed_ahead_and_only_its_keys_replaced():
    comes_back("snapshot", ["timestamp"], ["snapshot"])


@case()
def targets_pushed_ahead():
    comes_back("targets", ["snapshot", "timestamp"], ["snapshot"])


@case()
def recovery_holds_although_the_first_attempt_broke_off():
    repo, client = fresh()
    repo.publish(*["snapshot"] * 99, "timestamp")
    same(client.refresh(), 0)
    repo.rotate("snapshot")
    repo.start_again("snapshot")
    repo.publish("root", "targets", "snapshot", "timestamp")
    good, repo.latest["timestamp"] = repo.latest["timestamp"], b"{"
    same(client.refresh(), 1)
    same(client.version("root"), 2)
    repo.latest["timestamp"] = good
    same(client.refresh(), 0)
    same(client.version("snapshot"), 1)


@case()
def keys_that_are_only_added_do_not_forget_versions():
    repo, client = fresh()
    repo.publish("snapshot", "timestamp")
    same(client.refresh(), 0)
    repo.add_key("snapshot")
    repo.add_key("timestamp")
    repo.start_again("snapshot")
    repo.publish("root", "snapshot", "timestamp")
    same(client.refresh(), 1)
    same(client.version("snapshot"), 2)
