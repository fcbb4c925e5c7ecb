# G06: an order that was changed after it was approved is no order.
use verdicts
$ order 1 && sallyport verify 1.order --policy policy.json >/dev/null
$ python3 - <<'PYTHON'
> import base64, json
> envelope = json.load(open("1.order"))
> payload = base64.b64decode(envelope["payload"])
> def write(name, changed):
>     envelope["payload"] = base64.b64encode(changed).decode()
>     open(name, "w").write(json.dumps(envelope, separators=(",", ":")) + "\n")
> assert b'"pool-1"' in payload and b'"node-1","node-2"' in payload
> write("pool.order", payload.replace(b'"pool-1"', b'"pool-2"'))
> write("nodes.order", payload.replace(b'"node-1","node-2"', b'"node-1","node-3"'))
> write("package.order", payload.replace(b'"counter":1', b'"counter":2'))
> PYTHON
$ for change in pool nodes package; do refuses 3 order-signature-invalid verify $change.order --policy policy.json; done
$ for change in pool nodes package; do
>   refuses 3 order-signature-invalid deploy approve $change.order --policy policy.json --as dave --key file:dave.key
> done
# G31, D14: signatures that are empty, doubled or of a stranger are never counted.
$ tamper double 1.order 1 double.order && refuses 4 approver-counted-twice verify double.order --policy policy.json
$ tamper double 1.order 0 proposer.order && refuses 4 approver-is-proposer verify proposer.order --policy policy.json
$ tamper drop 1.order short.order && refuses 4 approvals-missing verify short.order --policy policy.json
$ python3 -c 'import json; e = json.load(open("1.order")); e["signatures"][2]["sig"] = ""; print(json.dumps(e, separators=(",", ":")))' >empty.order
> refuses 3 envelope-malformed verify empty.order --policy policy.json
$ python3 -c 'import json; e = json.load(open("1.order")); e["signatures"] = []; print(json.dumps(e, separators=(",", ":")))' >none.order
> refuses 3 envelope-malformed verify none.order --policy policy.json
