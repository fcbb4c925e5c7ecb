# The evidence run tries the attacks on this node; the report is regenerated from signed records, and shows only what ran.
use upgraded
$ state node >before && sallyport evidence run --root node -o evidence >run.txt && grep -c '^PASS' run.txt >passed && state node | cmp - before
$ test "$(cat passed)" -ge 25 && ! grep '^FAIL' run.txt
# N14: a test that did not run says so, with its reason, in the run, the records and the report.
$ grep -A1 '^NOT RUN  RAV' run.txt
stdout 'clamd'
$ sallyport evidence report evidence -o one.html --key node/node.pub >/dev/null
> sallyport evidence report evidence -o two.html --key node/node.pub >/dev/null && cmp one.html two.html && cmp one.json two.json
> python3 - <<'PYTHON'
> import json
> records = json.load(open("one.json"))
> states = {r["verdict"] for r in records}
> assert states == {"pass", "not-run"}, states
> assert {"RX-1", "RX-2", "RI-1", "RI-2", "RI-3", "RO-1", "RO-2", "RAV", "RTC-a", "RTC-b"} == {r["requirement"] for r in records}
> page = open("one.html").read()
> assert all(r["test"] in page for r in records)
> assert not any(part in page for part in ("<script", "src=\"http", "url("))
> PYTHON
