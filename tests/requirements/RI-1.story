# RI-1: integrity is checked at installation and at upgrade.
use node
$ tamper flip 1.csar Artifacts/content.pack bad.csar && twin 1 bad
$ refuses_install 3 member-digest-mismatch bad
$ sallyport node install $(install_args 1)
stdout 'PASS  members  every byte digested'
stdout 'Running demo 1'
# The event log keeps what was checked.
$ grep -c '"name":"members","finding":"every byte digested' node/events.jsonl
| 1

$ tamper flip 2.csar Artifacts/content.pack bad.csar && twin 2 bad
$ refuses_install 3 member-digest-mismatch bad && active
| 1
$ sallyport node install $(install_args 2)
stdout 'PASS  members  every byte digested'
stdout 'Running demo 2'
