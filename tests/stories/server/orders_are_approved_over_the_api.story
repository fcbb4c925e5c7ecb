# The proposal of one person, the signatures of two others, each brought by their own account; what the node fetches is what it installs by.
# The same a second time is one order still (Q10).
needs root
use node
use server
$ server_config "$(free_port)" 's["workers"] = 0' >sallyportd.json && server_here && rm 1.order && proposal 1 --sequence 1
$ python3 -c 'import base64, hashlib, json; print(hashlib.sha256(base64.b64decode(json.load(open("1.order"))["payload"])).hexdigest())' >d
$ put() { api "$@" -H 'Content-Type: application/json'; }
> put 403 bob-web PUT "/api/v1/orders/$(cat d)" --data-binary @1.order && put 422 alice-web PUT "/api/v1/orders/$(printf 0%.0s $(seq 64))" --data-binary @1.order
stdout 'urn:sallyport:problem:not-allowed'
stdout 'urn:sallyport:problem:digest-mismatch'
$ put() { api "$@" -H 'Content-Type: application/json'; }
> put 201 alice-web PUT "/api/v1/orders/$(cat d)" --data-binary @1.order && put 200 alice-web PUT "/api/v1/orders/$(cat d)" --data-binary @1.order
# bob and carol sign copies of their own, at the same time.
$ put() { api "$@" -H 'Content-Type: application/json'; }
> cp 1.order 4.order && cp 1.order 5.order && approval 4 bob && approval 5 carol
> put 403 carol-web POST "/api/v1/orders/$(cat d)/approvals" --data-binary @4.order
> put 200 bob-web POST "/api/v1/orders/$(cat d)/approvals" --data-binary @4.order >/dev/null && put 200 carol-web POST "/api/v1/orders/$(cat d)/approvals" --data-binary @5.order >/dev/null
> put 200 bob-web POST "/api/v1/orders/$(cat d)/approvals" --data-binary @4.order | grep -o '"keyid"' | wc -l
stdout 'urn:sallyport:problem:not-allowed'
stdout '3'
$ api 200 auditor GET /api/v1/orders
stdout '"pool":"pool-1","proposer":"alice","sequence":1,"standing":"granted"'
$ api 200 node-1 GET "/api/v1/orders/$(cat d)" >1.order && installs 1 && active
| 1
