# Exit 5: could not find out. Exit 3: what came is not what it should be. Neither changes what the node has.
needs root
use repository
$ web_here repo && syncs --pin first-root.json >/dev/null && publish 2
# A package that was exchanged on the server.
$ echo repo/targets/packages/*"$(sha256sum 2.csar | cut -c-64)".csar >where && cp "$(cat where)" genuine
> printf x | dd of="$(cat where)" bs=1 seek=1000 conv=notrunc status=none
> syncs --json
json .result.orders[1].code "tuf-digest-mismatch"
$ ls node/repository/packages | wc -l
| 1
# One that is missing, one that is cut off.
$ rm "$(cat where)" && syncs
[exit 5]
stderr 'server-file-missing'
$ head -c 1000 genuine >"$(cat where)" && syncs --json
json .result.orders[1].code "tuf-digest-mismatch"
$ cp genuine "$(cat where)" && syncs
stdout 'Order 2: demo 2 is here.'
# An order that nobody approved is listed by the server and useless; its package is not even fetched.
$ rm 3.order && proposal 3 --sequence 3 && publish 3 && : >web/access.log && syncs
stdout 'Order 3: demo 3 cannot be used: approvals-missing'
$ ! grep -q "$(sha256sum 3.csar | cut -c-64)" web/access.log
# Nobody there.
$ url=$(cat url) && web_gone && refuses 5 server-unreachable node sync "$url" --root node
# TLS with a certificate that leads to nobody known; with the operator's own authority it works.
$ openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout web.key -out web.pem -subj /CN=127.0.0.1 \
>   -addext subjectAltName=IP:127.0.0.1 -days 2 2>/dev/null && web_here repo web.pem web.key
> refuses 3 server-untrusted node sync "$(cat url)" --root node
$ syncs --ca web.pem
stdout 'current'
