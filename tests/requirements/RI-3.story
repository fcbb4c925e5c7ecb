# RI-3, A05, A14: tampered software is neither installed nor executed when the check fails.
use service
needs unshare
# What was not tampered with is executed, and an upgrade restarts it.
$ sallyport node start --root node >/dev/null && sallyport node status --root node --json
json .result.services[0].state "running"
$ installs 2 && sallyport node status --root node --json
json .result.services[0].state "running"
json .result.active.version "2"

# Tampered software is not installed, and what runs goes on running.
$ tamper flip 3.csar Artifacts/content.pack bad.csar && twin 3 bad && refuses_install 3 member-digest-mismatch bad
$ sallyport node status --root node --json
json .result.services[0].state "running"
json .result.active.version "2"

# Altered on the node past the installer, it is not executed: not by node run, not by node start.
$ sallyport node stop --root node >/dev/null && printf x >>node/generations/2/tree/bin/sleep
$ refuses 3 generation-damaged node run demo --root node
$ refuses 3 generation-damaged node start --root node && sallyport node status --root node --json
json .result.services[0].state "stopped"
$ tail -n 1 node/events.jsonl
stdout '"activity":"node-start","outcome":"refused","code":"generation-damaged"'
stdout '"effect":"nothing"'
# Nor is a program that was put beside it; and a release before that is still what was signed runs.
$ truncate -s -1 node/generations/2/tree/bin/sleep && cp /bin/true node/generations/2/tree/bin/true
> refuses 3 generation-file-unlisted node start --root node
$ sallyport node rollback --root node >/dev/null && sallyport node status --root node --json
json .result.services[0].state "running"
json .result.active.version "1"
$ sallyport node stop --root node
stdout 'demo'
