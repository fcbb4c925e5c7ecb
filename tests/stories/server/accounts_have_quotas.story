# An account has so many packages and bytes on the server and no more; another one is not touched by that, a restart changes nothing, and what is deleted is free again.
use server
$ server_config "$(free_port)" "s['workers'] = 0; s['limits'] = {'packages_max': 2, 'bytes_max': 30000}; s['accounts'][1]['limits'] = {'packages_max': 3}" >sallyportd.json && server_here
$ . ./quota.sh; created vendor >one && created vendor >two && api 403 vendor POST "$packages" -H 'Content-Type: application/json' -d '{}'
stdout '"type":"urn:sallyport:problem:packages-max-reached"'
stdout 'packages_max of the account is 2'
$ . ./quota.sh; content 20000 202 vendor "$(cat one)" && content 10001 413 vendor "$(cat two)"
stdout '"type":"urn:sallyport:problem:bytes-max-reached"'
stdout 'bytes_max of the account is 30000; its other packages have 20000'
# The other account has its own number of packages, and the bytes that everybody has.
$ . ./quota.sh; for i in 1 2 3; do created other >"other$i" || exit 1; done && api 403 other POST "$packages" -H 'Content-Type: application/json' -d '{}' >/dev/null && part 0 999 30000 204 other "$(cat other1)"
# An upload that breaks off has the room for its whole, also after the server was killed.
$ . ./quota.sh; part 0 999 10000 204 vendor "$(cat two)" && server_gone server -KILL && server_here && api 200 monitor GET /metrics | grep '^sallyport_server_account'
| sallyport_server_account_packages{account="other"} 3
| sallyport_server_account_packages{account="vendor"} 2
| sallyport_server_account_packages_max{account="other"} 3
| sallyport_server_account_packages_max{account="vendor"} 2
| sallyport_server_account_bytes{account="other"} 30000
| sallyport_server_account_bytes{account="vendor"} 30000
| sallyport_server_account_bytes_max{account="other"} 30000
| sallyport_server_account_bytes_max{account="vendor"} 30000
$ . ./quota.sh; part 1000 9999 10000 202 vendor "$(cat two)" && api 403 vendor POST "$packages" -H 'Content-Type: application/json' -d '{}'
stdout 'packages-max-reached'
# What is not known beforehand ends where the room ends, and leaves nothing.
$ . ./quota.sh; head -c 30000 /dev/zero | api 413 other PUT "$packages/$(cat other2)/package_content" -H 'Content-Type: application/zip' -H 'Transfer-Encoding: chunked' -T - && ! test -e "server/data/uploads/$(cat other2).csar"
stdout 'bytes-max-reached'
# What is deleted is free again, and several at a time get no more than one by one.
$ . ./quota.sh; api 204 other DELETE "$packages/$(cat other1)" && created other >other1 && head -c 14000 /dev/zero >14000
> for i in 1 2 3; do put_alone 14000 "$(cat other$i)" >"answer$i" & done; wait; sort answer1 answer2 answer3 && api 200 monitor GET /metrics | grep '^sallyport_server_account_bytes{account="other"}'
| 202
| 202
| 413
| sallyport_server_account_bytes{account="other"} 28000
# Every refusal is an event.
$ api 200 auditor GET /api/v1/audit | grep -o '"account":"[a-z]*","source":"127.0.0.1","action":"[A-Z]*","object":"[^"]*","outcome":"refused","code":"[a-z-]*"' | sed 's#/vnfpkgm/v2/vnf_packages##; s#"object":"/[^/"]*#"object":"/ID#' | sort | uniq -c | sed 's/^ *//'
| 1 "account":"other","source":"127.0.0.1","action":"POST","object":"","outcome":"refused","code":"packages-max-reached"
| 2 "account":"other","source":"127.0.0.1","action":"PUT","object":"/ID/package_content","outcome":"refused","code":"bytes-max-reached"
| 2 "account":"vendor","source":"127.0.0.1","action":"POST","object":"","outcome":"refused","code":"packages-max-reached"
| 1 "account":"vendor","source":"127.0.0.1","action":"PUT","object":"/ID/package_content","outcome":"refused","code":"bytes-max-reached"
-- quota.sh --
packages=/vnfpkgm/v2/vnf_packages
created() { api 201 "$1" POST "$packages" -H 'Content-Type: application/json' -d '{}' | sed 's/^{"id":"\([^"]*\)".*/\1/'; }
# content SIZE STATUS ACCOUNT ID
content() { head -c "$1" /dev/zero >"content.$4" && api "$2" "$3" PUT "$packages/$4/package_content" -H 'Content-Type: application/zip' -T "content.$4"; }
# part FIRST LAST TOTAL STATUS ACCOUNT ID
part() {
  head -c $(($2 - $1 + 1)) /dev/zero >part
  api "$4" "$5" PUT "$packages/$6/package_content" -H 'Content-Type: application/zip' -H "Content-Range: bytes $1-$2/$3" -T part
}
# put_alone FILE ID: its status; several may do so at the same time.
put_alone() {
  curl -sS --max-time 60 --cacert web.tls.pem --cert other.tls.pem --key other.tls.key -H 'Version: 2.0.0' -H 'Content-Type: application/zip' -o /dev/null \
    -w '%{http_code}\n' -T "$1" "$(cat server.url)$packages/$2/package_content"
}
