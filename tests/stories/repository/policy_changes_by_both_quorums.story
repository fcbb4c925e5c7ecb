# A policy takes the place of another when officers of both have signed it; orders under the old one are void then.
needs root
needs nginx
use verdicts
$ for key in officer-1 officer-2 officer-3 server; do sallyport key create -o $key.key >/dev/null; done
> python3 officers.py policy.json 1 officer-1 officer-2 && sallyport policy check policy.json >/dev/null
> clamd_here && for n in 1 2; do rm $n.verdict && verdict $n && order $n --sequence $n; done && clamd_gone
> sallyport node init --root node --policy policy.json --node node-1 --pool pool-1 >/dev/null
> first_root 2 server officer-1 officer-2 officer-3
> sallyport policy sign policy.json --repository repo --key file:officer-2.key >/dev/null && publish 1
> web_here repo && syncs --pin repo/metadata/1.root.json
stdout 'version 1, the one in force here'
stdout 'Order 1: demo 1 is here.'
# Two officers of the repository sign, but only one of them is an officer by the policy in force.
$ cp policy.json old.json && python3 officers.py policy.json 2 officer-1 officer-3
> for n in 1 3; do sallyport policy sign policy.json --repository repo --key file:officer-$n.key >/dev/null; done && publish && syncs
stdout 'version 2, not adopted'
stdout 'policy-quorum-missing'
# With a second officer of the old policy, both quorums are met.
$ cp old.json policy.json && python3 officers.py policy.json 2 officer-1 officer-2 officer-3
> for n in 1 2; do sallyport policy sign policy.json --repository repo --key file:officer-$n.key >/dev/null; done && publish && syncs
stdout 'version 2, adopted now'
stdout 'Order 1: demo 1 cannot be used: policy-mismatch'
$ sallyport node status --root node --json
json .result.policy_version 2
$ ls node/policies | sed 's/^[0-9a-f]*//' | sort
| .json
| .json
| .root.json
| .targets.json
$ sallyport node fsck --root node >/dev/null && syncs
stdout 'version 2, the one in force here'
# A policy without this node is taken as well, and said: it takes no orders until one names it again.
$ cp policy.json two.json && edited two.json 'p["version"] = 3; p["pools"][0]["nodes"] = ["node-9"]' >policy.json
> for n in 1 2; do sallyport policy sign policy.json --repository repo --key file:officer-$n.key >/dev/null; done && publish && syncs
stdout 'version 3, adopted now'
$ sallyport node status --root node
stdout 'FOUND  node-unknown'
$ edited two.json 'p["version"] = 4' >policy.json
> for n in 1 2; do sallyport policy sign policy.json --repository repo --key file:officer-$n.key >/dev/null; done && publish && syncs
stdout 'version 4, adopted now'
$ ! sallyport node status --root node | grep FOUND
# An older one does not come back, whoever signs it.
$ for n in 1 2; do sallyport policy sign old.json --repository repo --key file:officer-$n.key >/dev/null; done && publish && syncs
stdout 'policy-rollback'
# Nor is one left out.
$ cp policy.json two.json && python3 officers.py two.json 6 officer-1 officer-2 officer-3
> for n in 1 2; do sallyport policy sign two.json --repository repo --key file:officer-$n.key >/dev/null; done && publish && syncs
stdout 'policy-version-skipped'
-- officers.py --
"""POLICY VERSION OFFICER...: two of these persons change the policy."""
import json
import sys

path, version, *officers = sys.argv[1:]
policy = json.load(open(path))
policy["version"] = int(version)
policy["persons"] = [p for p in policy["persons"] if not p["id"].startswith("officer")]
policy["persons"] += [{"id": name, "roles": ["officer"], "keys": [open(f"{name}.key.pub").read()]} for name in officers]
policy["officers"] = {"roles": ["officer"], "persons": 2}
json.dump(policy, open(path, "w"), indent=1)
