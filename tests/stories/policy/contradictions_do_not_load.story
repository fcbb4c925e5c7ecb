# A policy that contradicts itself, or is not wholly understood, authorises nobody.
use packages
$ sallyport policy check policy.json
stdout 'does not contradict itself'
$ sh each_contradiction 2>&1
| persons 0: pools[0].approvals.persons
| persons too many: pools.pool-1.approvals.persons
| persons text: pools[0].approvals.persons
| persons negative: JSON at byte
| no persons: persons
| no sources: sources
| no anchors: sources[0].anchors
| no intakes: intakes
| no nodes: pools[0].nodes
| no keys: persons[1].keys
| key of two persons: persons.bob.keys[0]
| key twice: persons.dave.keys[1]
| key of person and intake: intakes.intake-1.key
| anchor of two sources: sources.zeta.anchors[0]
| person twice: persons[1].id
| node in two pools: pools.pool-2.nodes
| role that nobody has: pools.pool-1.approvals.approve
| unknown member: extra
| missing member: intakes
| unknown schema: schema
| version 0: version
| verdicts of any age: verdicts.verdict_age_days_max
| identifier like a path: pools[0].id
$ sed 's/"version": 1,/"version": 1, "version": 1,/' policy.json >bad.json && refuses 4 policy-malformed policy check bad.json
$ head -c 200 policy.json >bad.json && refuses 4 policy-malformed policy check bad.json
$ : >bad.json && refuses 4 policy-malformed policy check bad.json
# G22, D22: without a policy nothing is verified.
$ refuses 4 policy-malformed verify 1.csar --policy bad.json
$ refuses 2 file-missing verify 1.csar --policy no-such-policy.json
# A rule for emergencies counts keys of its own, and says so.
$ edited policy.json 'p["pools"][0]["break_glass"] = {"propose": ["operations"], "approve": ["security"], "persons": 1, "window_hours_max": 4}' >bad.json
> refuses 4 policy-malformed policy check bad.json && grep -o 'a key of the use break-glass' refusal.json && grep -o '1 of security asked for' refusal.json
| a key of the use break-glass
| 1 of security asked for
# A slip of the pen is told as what it is.
$ sed 's/"pools"/"poools"/' policy.json >bad.json && refuses 4 policy-malformed policy check bad.json && grep -o '"where":"pools".*"found":"[^"]*"' refusal.json
| "where":"pools","expected":"a member of this name","found":"none, but poools"
# G20: names that people take for one another are pointed out wherever a policy is shown; they contradict nothing.
$ edited policy.json 'p["pools"][0]["nodes"] = ["node-1", "node-l"]' >alike.json && sallyport policy show alike.json
stdout 'LOOK TWICE  names that look alike among the nodes: node-1, node-l'
-- each_contradiction --
while read -r line; do
  name=${line%%: *} change=${line#*: }
  python3 - "$change" <<'PYTHON'
import json, sys
p = json.load(open("policy.json"))
exec(sys.argv[1])
json.dump(p, open("bad.json", "w"))
PYTHON
  sallyport policy check bad.json >out.txt 2>err.txt
  status=$?
  if [ "$status" != 4 ] || ! grep -q 'REFUSED  policy-malformed' err.txt; then echo "$name: exit $status"; fi
  echo "$name: $(sed -n 's/^  where *//p' err.txt | sed 's/byte .*/byte/')"
done <<'CHANGES'
persons 0: p["pools"][0]["approvals"]["persons"] = 0
persons too many: p["pools"][0]["approvals"]["persons"] = 4
persons text: p["pools"][0]["approvals"]["persons"] = "2"
persons negative: p["pools"][0]["approvals"]["persons"] = -1
no persons: p["persons"] = []
no sources: p["sources"] = []
no anchors: p["sources"][0]["anchors"] = []
no intakes: p["intakes"] = []
no nodes: p["pools"][0]["nodes"] = []
no keys: p["persons"][1]["keys"] = []
key of two persons: p["persons"][1]["keys"] = p["persons"][0]["keys"]
key twice: p["persons"][3]["keys"][1] = p["persons"][3]["keys"][0]
key of person and intake: p["intakes"][0]["key"] = p["persons"][0]["keys"][0]
anchor of two sources: p["sources"][1]["anchors"] = p["sources"][0]["anchors"]
person twice: p["persons"][1]["id"] = "alice"
node in two pools: p["pools"][1]["nodes"] = ["node-1"]
role that nobody has: p["pools"][0]["approvals"]["approve"] = ["operatins"]
unknown member: p["extra"] = 1
missing member: del p["intakes"]
unknown schema: p["schema"] = "sallyport-policy/2"
version 0: p["version"] = 0
verdicts of any age: p["verdicts"]["verdict_age_days_max"] = 0
identifier like a path: p["pools"][0]["id"] = "../pool"
CHANGES
