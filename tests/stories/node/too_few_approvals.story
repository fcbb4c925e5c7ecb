# G01, G12, A09: whoever hands the order to the node, the node counts for itself: distinct persons, not the proposer.
use installed
$ cp 2.order granted.order && tamper drop granted.order 2.order && refuses_install 4 approvals-missing 2
$ tamper double granted.order 1 2.order && refuses_install 4 approver-counted-twice 2
$ tamper double granted.order 0 2.order && refuses_install 4 approver-is-proposer 2
# Approvals of another order are none of this one.
$ rm 2.order && proposal 2 --sequence 9 && refuses_install 4 approvals-missing 2
$ python3 - <<'PYTHON'
> import json
> mine, granted = json.load(open("2.order")), json.load(open("granted.order"))
> mine["signatures"] += granted["signatures"][1:]
> open("2.order", "w").write(json.dumps(mine, separators=(",", ":")) + "\n")
> PYTHON
> refuses_install 3 order-signature-invalid 2
$ cp granted.order 2.order && installs 2 && active
| 2
