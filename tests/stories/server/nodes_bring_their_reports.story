# A node brings its report to the server by itself, and says so when the server does not take it.
needs root
use node
use server
$ server_config "$(free_port)" "[a.update(node_key=open('node/node.pub').read()) for a in s['accounts'] if a['name'] == 'node-1']; s['workers'] = 0" >sallyportd.json && server_here
$ report() { sallyport node report --root node --to "$(cat server.url)" --ca "${CA:-web.tls.pem}" --client-cert "$1.tls.pem" --client-key "$1.tls.key" "${@:2}"; }; declare -f report >report.sh
$ . ./report.sh; report node-1
stdout 'Brought the report to https://127.0.0.1:'
$ api 200 auditor GET /api/v1/nodes/node-1
stdout '"signature":"verified","key":"'
$ . ./report.sh; sleep 1.1; report node-1 -o r.dsse --json && sallyport verify r.dsse --policy policy.json --key node/node.pub
stdout '"report":"r.dsse"'
stdout '"server":"https://127.0.0.1:'
$ api 200 auditor GET /api/v1/nodes/node-1/report | cmp - r.dsse
# Another node's account; a server that is another one; none.
$ . ./report.sh; report vendor
[exit 5]
stderr 'server-refused'
stderr 'status 403'
$ . ./report.sh; CA=clients-ca.pem report node-1
[exit 3]
stderr 'server-untrusted'
$ server_gone; . ./report.sh; report node-1
[exit 5]
stderr 'server-unreachable'
# A rehearsal asks nobody; what nobody could mean is misuse.
$ . ./report.sh; report node-1 --dry-run
stdout 'Would bring the report to https://127.0.0.1:'
$ sallyport node report --root node
[exit 2]
stderr 'usage-error'
$ sallyport node report --root node -o r.dsse --client-cert node-1.tls.pem
[exit 2]
stderr '--to URL'
