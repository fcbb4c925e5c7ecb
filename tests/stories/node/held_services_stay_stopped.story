# What `node stop` has stopped stays stopped, over restarts of the agent, until `node start`, or until something else is installed.
use service
needs unshare root
$ sallyport node start --root node
stdout 'demo is running and healthy.'
$ sallyport node status --root node
stdout 'service      demo: running as process '
stdout ', healthy; confined, '
stdout 'gate         none runs: each service is verified at its start and confined'
stdout 'floors       sequence above 1, counter of demo from 1'
$ sallyport node stop --root node && sallyport node stop demo --root node
stdout 'demo is stopped, and held until `node start`.'
$ sallyport node status --root node
stdout 'service      demo: stopped and held until `node start`'
# An agent that begins anew, twice.
$ for round in 1 2; do sallyport-noded --root node & agent=$!; sleep 3; kill $agent; wait $agent; done; sallyport node status --root node --json
json .result.services[0].state "stopped"
json .result.services[0].held true
json .result.services[0].health "none"
$ sallyport node start demo --root node >/dev/null && sallyport node status --root node --json
json .result.services[0].state "running"
json .result.services[0].held false
json .result.services[0].health "healthy"
json .result.state "confirmed"
json .result.gate.mode "none"
json .result.last_order.sequence 1
json .result.floors.counters[0].counter 1
# Now the agent starts again what ends by itself.
$ sallyport-noded --root node & agent=$!
> pid=$(sed 's/.*"pid":\([0-9]*\),.*/\1/' node/run/demo.json) && kill -9 "$pid"
> for _ in $(seq 100); do sleep 0.1; new=$(sed 's/.*"pid":\([0-9]*\),.*/\1/' node/run/demo.json); [ "$new" = "$pid" ] || break; done
> kill $agent; wait $agent; [ "$new" != "$pid" ] && sallyport node stop --root node >/dev/null
# An order to run another release ends the hold; one that fails leaves it.
$ s=0; sallyport node install $(install_args 3) >/dev/null 2>&1 || s=$?; [ $s = 8 ] && sallyport node status --root node --json
json .result.services[0].state "stopped"
json .result.services[0].held true
json .result.last_order.stage "fallback"
json .result.last_order.code "health-failed"
$ rm 2.order && order 2 --sequence 9 && installs 2 && sallyport node status --root node --json
json .result.services[0].state "running"
json .result.services[0].held false
$ sallyport node history --root node | grep -c 'held  service demo\|released  service demo'
| 5
$ grep -c '"activity":"node-stop".*"effect":"stopped and held"' node/events.jsonl
| 3
$ refuses 2 service-unknown node stop other --root node && sallyport node stop --root node >/dev/null
