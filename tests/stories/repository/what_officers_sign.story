# C15: what officers sign is staged on a server that nobody trusts. Whatever it puts in its place, an officer who asks to sign one policy
# never signs another one, and what is left to choose (keys, times) is on the screen.
use repository
$ sed 's/"version": 1/"version": 2/' policy.json >two.json && sed 's/Operator X/Operator Y/' two.json >evil.json
> sallyport policy sign two.json --repository repo --key file:officer-1.key >screen && grep -q "policy  *$(sha256sum <two.json | cut -c-64)" screen
> grep -c '  expires ' screen
| 1
# The captured server exchanges the targets below the policy; the next officer, and the first one again, sign nothing.
$ cp -a repo captured && sallyport policy sign evil.json --repository captured --key file:officer-2.key >/dev/null
> cp captured/staged/targets.json repo/staged/targets.json && cp repo/staged/targets.json before
> for n in 1 3; do refuses 3 staged-file-unexpected policy sign two.json --repository repo --key file:officer-$n.key || exit 1; done
> cmp before repo/staged/targets.json && grep -c '"keyid"' before
| 1
# Who lists deliveries, a number far ahead, a time that never comes: all of it is refused.
$ cp captured/staged/targets.json evil.targets && for change in 's/"orders\/\*\/\*"/"*"/' 's/"version":2/"version":2000/' 's/"expires":"20/"expires":"90/' \
>   's/"terminating":true/"terminating":false/'; do
>   rm -r captured && cp -a repo captured && rm captured/staged/targets.json
>   sallyport policy sign two.json --repository captured --key file:officer-1.key >/dev/null && sed -i "$change" captured/staged/targets.json
>   refuses 3 staged-file-unexpected policy sign two.json --repository captured --key file:officer-3.key || exit 1
> done
# With the file gone, it is staged anew and signed by those who asked for just this.
$ rm repo/staged/targets.json && for n in 1 3; do sallyport policy sign two.json --repository repo --key file:officer-$n.key >/dev/null; done && publish
# A new root: its keys are told, and one that makes the officers of the targets others than those of the root is none of ours.
$ first_root 2 server-2 officer-1 officer-2 officer-4 && sallyport policy sign two.json --repository repo --key file:officer-2.key >screen
> for key in officer-1 officer-2 officer-4 server-2; do
>   grep -q "$(sallyport key show file:$key.key | sed -n 's/.*key id *//p')" screen || exit 1
> done
$ cp -a repo again && python3 swap.py again/staged/root.json && refuses 3 staged-file-unexpected policy sign two.json --repository again --key file:officer-4.key
# Who names the keepers compares them: the same ones are signed, others are staged anew.
$ sallyport policy sign two.json --repository repo --key file:officer-4.key --threshold 2 --online server-2.key.pub \
>   --officer officer-4.key.pub --officer officer-2.key.pub --officer officer-1.key.pub
stdout 'Signed root, version 2: 3 signatures, 2 are needed.'
# What is there already but verifies by no key is not counted, and stands in nobody's way.
$ sed -i 's/"sig":"../"sig":"00/g' repo/staged/root.json && sallyport policy sign two.json --repository repo --key file:officer-4.key
stdout 'Signed root, version 2: 1 signatures, 2 are needed.'
-- swap.py --
"""FILE: the targets' officers become the server's keys."""
import json
import sys

text = open(sys.argv[1]).read()
roles = json.loads(text)["signed"]["roles"]
of = {name: json.dumps(role, separators=(",", ":"), sort_keys=True) for name, role in roles.items()}
assert '"targets":' + of["targets"] in text
open(sys.argv[1], "w").write(text.replace('"targets":' + of["targets"], '"targets":' + of["snapshot"]))
