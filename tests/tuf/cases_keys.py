# SPDX-License-Identifier: Apache-2.0
"""Keys and thresholds: who counts, who counts once, and who does not count at all."""
from harness import Client, case, expect, fresh, same, tops
from simulator import Repository, Signer

# kind: what looks like one of its signatures and is none
KINDS = {"rsa": "b1" * 256, "rsa-pkcs1": "b1" * 256, "ecdsa": "3046022100" + "fa" * 32 + "022100" + "b3" * 32,
         "ecdsa384": "3065023100" + "fa" * 48 + "0230" + "33" * 48, "ed25519": "b6" * 64}


def sign_again(repo, role, version, change):
    """Signs what is published anew after `change` of the signatures."""
    repo.edit(role, lambda value: change(value["signatures"]))


@case(*((kind, kind) for kind in KINDS))
def every_kind_of_key_signs_and_is_checked(kind):
    repo, client = fresh()
    signer = repo.add_key("root", Signer(kind))
    repo.body("root")["roles"]["root"]["threshold"] += 1
    repo.publish("root")
    same(client.refresh(), 0)
    same(client.version("root"), 2)
    repo.publish("root")
    repo.edit("root", lambda value: [s.update(sig=KINDS[kind]) for s in value["signatures"]
                                     if s["keyid"] == signer.keyid])
    same(client.refresh(), 1)
    same(client.version("root"), 2)


@case(*((kind, kind) for kind in KINDS))
def whole_repository_of_one_kind(kind):
    repo, client = fresh(Repository(kind))
    repo.publish("root", "targets", "snapshot", "timestamp")
    same(client.refresh(), 0)
    same(client.versions(), tops(2, 2, 2, 2))


@case()
def snapshot_below_its_threshold():
    repo, client = fresh()
    repo.body("root")["roles"]["snapshot"]["threshold"] = 3
    repo.add_key("snapshot")
    repo.add_key("snapshot")
    repo.publish("root", "targets", "snapshot", "timestamp")
    same(client.refresh(), 0)
    repo.signers["snapshot"].pop()
    repo.publish("targets", "snapshot", "timestamp")
    same(client.refresh(), 1)
    expect(client.version("snapshot") != 3, "snapshot 3 was taken")


@case()
def threshold_that_the_keys_cannot_reach():
    repo, client = fresh()
    for _ in range(4):
        repo.add_key("snapshot")
    repo.body("root")["roles"]["snapshot"]["threshold"] = 6
    repo.publish("root", "snapshot", "timestamp")
    same(client.refresh(), 1)
    same(client.versions(), tops(2, None, None, 2))


@case()
def threshold_grows_by_roots_until_it_is_reached():
    repo, client = fresh(refreshed=True)
    repo.body("root")["roles"]["snapshot"]["threshold"] = 3
    repo.publish("root")
    repo.add_key("snapshot")
    repo.publish("snapshot", "timestamp", "root")
    same(client.refresh(), 1)
    same(client.version("snapshot"), 1)
    repo.add_key("snapshot")
    repo.add_key("snapshot")
    repo.publish("snapshot", "timestamp", "root")
    same(client.refresh(), 0)
    same(client.versions(), tops(4, 1, 3, 3))


@case()
def key_that_is_named_and_not_listed():
    repo, client = fresh(refreshed=True)
    repo.body("root")["roles"]["snapshot"]["keyids"].append(Signer().keyid)
    repo.publish("root", "snapshot", "timestamp")
    same(client.refresh(), 0)
    repo.body("root")["roles"]["snapshot"]["threshold"] = 2
    repo.publish("root", "snapshot", "timestamp")
    same(client.refresh(), 1)
    same(client.version("snapshot"), 2)


@case()
def one_key_named_many_times():
    repo, client = fresh()
    signer = Signer()
    for _ in range(9):
        repo.body("root")["roles"]["snapshot"]["keyids"].append(signer.keyid)
    repo.body("root")["keys"][signer.keyid] = signer.public
    repo.signers["snapshot"].append(signer)
    repo.body("root")["roles"]["snapshot"]["threshold"] = 6
    repo.publish("root", "snapshot", "timestamp")
    repo.edit("snapshot", lambda value: value["signatures"].extend([value["signatures"][-1]] * 8))
    same(client.refresh(), 1)
    same(client.version("snapshot"), None)


def the_same(signer):
    again = Signer(signer.kind, signer.private)
    return again


@case(("another identifier", lambda s: the_same(s).rename("ab" * 32)),
      ("another member", lambda s: (lambda a: (a.public.update(note="me again"), a.rename())[1])(the_same(s))),
      ("another spelling", lambda s: (lambda a: (a.public["keyval"].update(public=a.raw_hex()),
      a.rename())[1])(the_same(s))),
      ("another type", lambda s: (lambda a: (a.public.update(keytype="ecdsa-sha2-nistp256"),
      a.rename())[1])(the_same(s))),
      ("other line ends", lambda s: (lambda a: (a.public["keyval"].update(public=a.pem().replace("\n", "\r\n")),
                                                a.rename())[1])(the_same(s))))
def one_key_under_two_names_counts_once(twin):
    repo, client = fresh(refreshed=True)
    signer = repo.signers["timestamp"][0]
    repo.add_key("timestamp", twin(signer))
    repo.body("root")["roles"]["timestamp"]["threshold"] = 2
    repo.publish("root", "timestamp")
    same(client.refresh(), 1)
    same(client.version("root"), 2)
    same(client.version("timestamp"), 1)


@case()
def one_key_under_two_schemes_counts_once():
    repo, client = fresh()
    signer = Signer("rsa")
    repo.body("root")["roles"]["timestamp"].update(keyids=[], threshold=2)
    repo.signers["timestamp"].clear()
    repo.add_key("timestamp", signer)
    repo.add_key("timestamp", Signer("rsa-pkcs1", signer.private))
    repo.publish("root", "timestamp")
    same(client.refresh(), 1)
    same(client.versions(), tops(2, None, None, None))


@case()
def signature_listed_twice_is_refused():
    repo, client = fresh()
    repo.edit("snapshot", lambda value: value["signatures"].append(value["signatures"][0]))
    same(client.refresh(), 1)
    same(client.version("snapshot"), None)


@case(("of another key", lambda repo, sig: repo.signers["targets"][0].sign(b"else")), ("empty", lambda *_: ""),
      ("no hexadecimal", lambda *_: "zz"), ("odd", lambda *_: "abc"), ("very long", lambda *_: "ab" * 8000))
def wrong_signature_beside_a_right_one(make):
    repo, client = fresh()
    first = repo.signers["timestamp"][0]
    repo.add_key("timestamp")
    repo.publish("root", "timestamp")
    repo.edit("timestamp", lambda value: [s.update(sig=make(repo, s["sig"])) for s in value["signatures"]
                                          if s["keyid"] == first.keyid])
    same(client.refresh(), 0)
    same(client.version("timestamp"), 2)


@case(("type", {"keytype": "sigstore-oidc", "scheme": "Fulcio", "keyval": {"identity": "a", "issuer": "b"}}),
      ("scheme", {"keytype": "ecdsa", "scheme": "ecdsa-sha2-nistp521", "keyval": {"public": "04ab"}}),
      ("value", {"keytype": "rsa", "scheme": "rsassa-pss-sha256", "keyval": {"public": "no key at all"}}),
      ("curve", {"keytype": "ed25519", "scheme": "ed25519", "keyval": {"public": "ab"}}))
def key_of_an_unknown_kind_counts_for_nothing(public):
    repo, client = fresh()
    repo.body("root")["keys"]["unknown"] = public
    repo.body("root")["roles"]["timestamp"]["keyids"].append("unknown")
    repo.publish("root", "timestamp")
    repo.edit("timestamp", lambda value: value["signatures"].append({"keyid": "unknown", "sig": "ab"}))
    same(client.refresh(), 0)
    repo.body("root")["roles"]["timestamp"]["threshold"] = 2
    repo.publish("root", "timestamp")
    repo.edit("timestamp", lambda value: value["signatures"].append({"keyid": "unknown", "sig": "ab"}))
    same(client.refresh(), 1)
    same(client.versions(), tops(3, 1, 1, 2))


@case()
def small_rsa_key_counts_for_nothing():
    from cryptography.hazmat.primitives.asymmetric import rsa
    repo, client = fresh()
    repo.body("root")["roles"]["timestamp"]["keyids"].clear()
    repo.signers["timestamp"].clear()
    repo.add_key("timestamp", Signer("rsa", rsa.generate_private_key(65537, 1024)))
    repo.publish("root", "timestamp")
    same(client.refresh(), 1)
    same(client.versions(), tops(2, None, None, None))


@case()
def signature_by_a_key_of_another_role():
    repo, client = fresh()
    repo.signers["timestamp"] = list(repo.signers["snapshot"])
    repo.publish("timestamp")
    same(client.refresh(), 1)
    same(client.versions(), tops(1, None, None, None))


# (keys, threshold, who signs) for each version of root; the last one is refused where the name says "no:".
ROOT_CHAINS = {
    "a new key": [([1], 1, [1]), ([2], 1, [2, 1]), ([2], 1, [2])],
    "strangers sign too": [([1], 1, [3, 1, 4]), ([2], 1, [3, 2, 1, 4]), ([2], 1, [3, 2, 4])],
    "any three of five": [([0, 1, 2, 3, 4], 3, [0, 2, 4]), ([0, 1, 2, 3, 4], 3, [0, 4, 1]), ([0, 1, 2, 3, 4], 3, [0,
        1, 3])],
    "one of five is new": [([0, 1, 2, 3, 4], 3, [0, 2, 4]), ([0, 1, 3, 4, 5], 3, [0, 4, 1])],
    "one of five is new, by a step": [([0, 1, 2, 3, 4], 3, [0, 2, 4]), ([0, 1, 3, 4, 5], 3, [0, 2, 4, 5]),
                                      ([0, 1, 3, 4, 5], 3, [0, 4, 5])],
    "all are new": [([0, 1, 2, 3, 4], 3, [0, 2, 4]), ([5, 6, 7, 8, 9], 3, [0, 2, 4, 5, 6, 7]), ([5, 6, 7, 8, 9], 3,
        [5, 6, 7])],
    "more are needed": [([1, 2, 3], 1, [1]), ([1, 2, 3], 2, [1, 2])],
    "fewer are needed": [([1, 2, 3], 2, [1, 2]), ([1, 2, 3], 1, [1, 2]), ([1, 2, 3], 1, [1])],
    "a key more, and needed": [([1], 1, [1]), ([1, 2], 2, [1, 2])],
    "no: the old key did not sign": [([1], 1, [1]), ([2], 1, [2, 3, 4])],
    "no: the new key did not sign": [([1], 1, [1]), ([2], 1, [1, 3, 4])],
    "no: too few new ones": [([0, 1, 2, 3, 4], 3, [0, 2, 4]), ([0, 1, 3, 4, 5], 3, [0, 2, 4])],
    "no: too few old ones": [([0, 1, 2, 3, 4], 3, [0, 2, 4]), ([0, 1, 3, 4, 5], 3, [0, 4, 5])],
    "no: the new threshold is not reached": [([1, 2, 3], 1, [1]), ([1, 2, 3], 2, [2])],
    "no: the old threshold is not reached": [([1, 2, 3], 2, [1, 2]), ([1, 2, 3], 1, [1])],
}
PEOPLE = [Signer("ed25519") for _ in range(10)]


def set_keys(repo, role, keys, threshold, signers):
    repo.body("root")["roles"][role].update(keyids=[], threshold=threshold)
    for number in keys:
        repo.body("root")["keys"][PEOPLE[number].keyid] = PEOPLE[number].public
        repo.body("root")["roles"][role]["keyids"].append(PEOPLE[number].keyid)
    repo.signers[role] = [PEOPLE[number] for number in signers]


@case(*ROOT_CHAINS.items())
def chain_of_roots(chain):
    repo = Repository()
    repo.start_again("root")
    for version in chain:
        set_keys(repo, "root", *version)
        repo.publish("root")
    client = Client(repo)
    same(client.init(), 0)
    refused = [name for name, value in ROOT_CHAINS.items() if value is chain][0].startswith("no:")
    same(client.refresh(), 1 if refused else 0)
    same(client.kept("root"), repo.published["root"][len(chain) - (1 if refused else 0)])


OTHER_ROLES = {
    "a new key": ([2], 1, [2]), "strangers sign too": ([1], 1, [3, 1, 4]),
    "no: the new key did not sign": ([2], 1, [1, 3, 4]),
    "no: one is not of the five": ([0, 1, 3, 4, 5], 3, [0, 2, 4]), "no: two of three": ([0, 1, 3, 4, 5], 3, [0, 4]),
    **{f"three of five: {who}": ([0, 1, 2, 3, 4], 3, who)
       for who in ([0, 2, 4], [0, 4, 1], [0, 1, 3], [1, 2, 3], [2, 3, 4])},
}


@case(*OTHER_ROLES.items())
def keys_of_other_roles_are_replaced(keys):
    refused = [name for name, value in OTHER_ROLES.items() if value is keys][0].startswith("no:")
    repo, client = fresh()
    for role in ("timestamp", "snapshot", "targets"):
        set_keys(repo, role, *keys)
        repo.publish("root", "targets", "snapshot", "timestamp")
        same(client.refresh(), 1 if refused else 0, role)
        if not refused:
            same(client.kept(role), repo.latest[role], role)
