# G20, C15: every value of what a person signs is on the screen that they read, whatever it is: nothing signed is left out.
use ruled
$ approval 1 bob && sallyport deploy review 1.order --policy policy.json --package 1.csar --verdict 1.verdict >screen && python3 values.py 1.order screen
stdout 'all shown'
$ sallyport deploy show 1.order --policy policy.json >screen && python3 values.py 1.order screen
stdout 'all shown'
$ sallyport deploy stop 1.order --policy policy.json --as carol --key file:carol.key --reason 'wrong build' -o 1.stop >screen
> python3 values.py 1.stop screen
stdout 'all shown'
$ edited policy.json 'p["version"] = 2; p["name"] = "Operator X, second"' >two.json && officer_approves two.json alice
> sallyport policy review two.json.signed --policy policy.json >screen && python3 values.py two.json.signed screen
stdout 'all shown'
# The walk would tell: a screen with one value less does not pass.
$ sed '/persons.eve.keys/,/END PUBLIC KEY/d' screen >less && ! cmp -s screen less && python3 values.py two.json.signed less
[exit 1]
stdout 'BEGIN PUBLIC KEY'
# A letter that looks like another is pointed out, and characters that turn the text round are refused when they are signed.
$ sallyport deploy propose 2.csar --verdict 2.verdict --policy policy.json --pool pool-1 --as alice --key file:alice.key --sequence 9 \
>   --reason "$(printf 'ord\320\265r of the board')" -o odd.order >/dev/null && sallyport deploy review odd.order --policy policy.json
stdout 'LOOK TWICE  letters outside of ASCII in reason: U+0435'
$ for odd in '\342\200\256' '\342\200\213' '\033[31m' '\n'; do
>   ! sallyport deploy propose 2.csar --verdict 2.verdict --policy policy.json --pool pool-1 --as alice --key file:alice.key --sequence 9 \
>     --reason "$(printf "a${odd}b")" -o turned.order >/dev/null 2>&1 && ! test -e turned.order || exit 1
> done
-- values.py --
"""FILE SCREEN: every value of the signed payload stands on the screen."""
import base64
import json
import re
import sys


def values(value):
    if isinstance(value, dict):
        return [v for part in value.values() for v in values(part)]
    if isinstance(value, list):
        return [v for part in value for v in values(part)]
    return [str(value)]


payload = json.loads(base64.b64decode(json.load(open(sys.argv[1]))["payload"]))
screen = " ".join(re.sub(r"^ +\| ", "", open(sys.argv[2]).read(), flags=re.M).split())
frame = {payload.pop("_type", ""), payload.pop("predicateType", "")}
found = [v for v in values(payload) if v]
missing = [v for v in found if not re.search(r"(?<!\S)" + re.escape(" ".join(v.split())) + r"(?![^\s,])", screen)]
assert len(found) > 5
print(*missing, sep="\n")
if missing:
    sys.exit(1)
print("all shown")
