# The next policy needs the officers of both policies, is exactly the next version, and is never taken back. F05, G10
use ruled
$ edited policy.json 'p["version"] = 2; p["name"] = "Operator X, second"' >two.json
$ sallyport policy approve two.json --policy policy.json --as alice --key file:alice.key
stdout 'officers of version 1'
$ sallyport policy review two.json.signed --policy policy.json
! stdout '\x0a'
stdout '      | -----BEGIN PUBLIC KEY-----'
stdout '- version: 1'
stdout '+ version: 2'
stdout '+ name: Operator X, second'
stdout 'alice for the policy in force'
$ refuses 4 policy-quorum-missing node policy two.json.signed --root node
$ refuses 4 approver-counted-twice policy approve two.json.signed --policy policy.json --as alice --key file:alice.key
$ officer_approves two.json.signed carol && sallyport node policy two.json.signed --root node --dry-run
stdout 'Would go from version 1'
# A policy that leaves this node out is one as any other, and says so before it is taken.
$ edited policy.json 'p["version"] = 2; p["pools"][0]["nodes"] = ["node-9"]' >out.json
> for p in alice carol; do officer_approves out.json$([ $p = alice ] || echo .signed) $p; done
> sallyport node policy out.json.signed --root node --dry-run
stdout 'LEFT OUT: node-unknown'
stdout 'it takes no orders until one does'
# One officer who writes a policy for himself gets nowhere.
$ edited policy.json 'p["version"] = 2; p["officers"]["persons"] = 1' >mine.json
> officer_approves mine.json alice && refuses 4 policy-quorum-missing node policy mine.json.signed --root node
# Versions go up by one.
$ edited policy.json 'p["version"] = 3' >three.json && refuses 7 policy-version-skipped policy approve three.json --policy policy.json \
>   --as alice --key file:alice.key
$ for p in alice carol; do sallyport policy approve three.json --as $p --key file:$p.key -o three.$p >/dev/null; done
$ sallyport policy approve three.alice --as carol --key file:carol.key >/dev/null
$ refuses 7 policy-version-skipped node policy three.alice --root node
# Signed bytes are what is installed.
$ sed 's/"payload":"ewo/"payload":"ewk/' two.json.signed >bad.signed && refuses 3 policy-signature-invalid node policy bad.signed --root node
$ for p in bob dave carol; do approval 1 $p; done; installs 1 && sallyport node policy two.json.signed --root node
stdout 'Went from version 1 of the policy to version 2'
$ cmp node/policy.json two.json && sallyport node status --root node
stdout 'Operator X, second, version 2'
# Pending orders are void; what runs is verified by the policy under which it came in.
$ for p in bob dave carol; do approval 2 $p; done; refuses_install 4 policy-mismatch 2
$ sallyport node verify --root node >/dev/null && sallyport node fsck --root node
stdout 'Clean'
$ refuses 7 policy-rollback node policy two.json.signed --root node
$ cp policy.json node/policy.json && sallyport node status --root node
stdout 'Operator X, second, version 2'
$ echo '{}' >node/policy.json && refuses 3 trust-file-damaged node status --root node
