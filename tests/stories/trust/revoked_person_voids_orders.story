# A person who is revoked after approving: the pending order is void, under the policy that says so. G09, R03
use ruled
$ for p in bob dave carol; do approval 1 $p; done
$ edited policy.json '
> p["version"] = 2
> for i in ["bob", "dave"]: [x for x in p["persons"] if x["id"] == i][0]["roles"] = ["operations", "security"]
> [x for x in p["persons"] if x["id"] == "eve"][0]["roles"] += ["operations", "security"]
> [x for x in p["persons"] if x["id"] == "carol"][0]["revoked_at"] = "2026-01-01T00:00:00Z"
> p["officers"]["roles"].append("security")' >two.json
$ sallyport policy approve two.json --policy policy.json --as alice --key file:alice.key >/dev/null
$ officer_approves two.json.signed carol && officer_approves two.json.signed bob && sallyport node policy two.json.signed --root node
stdout 'Went from version 1 of the policy to version 2'
$ refuses_install 4 policy-mismatch 1
# Proposed anew under it, her approval voids the order: it must not be there.
$ cp two.json policy.json && rm 1.order && proposal 1 --sequence 3
$ approval 1 bob && refuses 4 signer-revoked deploy approve 1.order --policy policy.json --as carol --key file:carol.key
$ approval 1 dave && approval 1 eve && installs 1 && active
| 1
