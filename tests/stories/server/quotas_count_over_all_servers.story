# Two servers on one PostgreSQL, and an account that uploads to both at the same time: all of it together is no more than it may have.
needs root psql
use server
patience 120
$ "$REPO/tools/demo/postgresql" here || { echo 'PostgreSQL is missing (tools/packages.sh test)'; exit 1; }
$ mktemp -d /tmp/sallyport-pg-XXXXXX >pg && chmod 711 "$(cat pg)" && "$REPO/tools/demo/postgresql" start "$(cat pg)/server" && mkdir -m 700 server/audit-b
$ both="s['workers'] = 0; s['limits'] = {'packages_max': 6, 'bytes_max': 30000}; s['database'] = 'postgresql:host=$(cat pg)/server user=sallyport dbname=postgres'"
> server_config "$(free_port)" "$both" >a.json && server_config "$(free_port)" "$both; s['audit'] = s['audit'] + '-b'" >b.json
$ server_here a.json a && server_here b.json b && head -c 14000 /dev/zero >14000
# Ten are created at a time, and six are there. What all of them wait for lets them go in one moment.
$ . ./at_once.sh; hold_all & sleep 1; for i in 0 1 2 3 4 5 6 7 8 9; do create_at "$i" & done; wait; cat created.*.status | sort | uniq -c | sed 's/^ *//'
| 6 201
| 4 403
$ . ./at_once.sh; hold_all & sleep 1; for i in $(created_ones); do upload_at "$i" & done; wait; cat uploaded.*.status | sort | uniq -c | sed 's/^ *//'
| 2 202
| 4 413
$ for server in a b; do SERVER=$server api 200 monitor GET /metrics | grep '^sallyport_server_account_[a-z]*{'; done
| sallyport_server_account_packages{account="vendor"} 6
| sallyport_server_account_bytes{account="vendor"} 28000
| sallyport_server_account_packages{account="vendor"} 6
| sallyport_server_account_bytes{account="vendor"} 28000
$ server_gone a && server_gone b && "$REPO/tools/demo/postgresql" stop "$(cat pg)/server" && rm -r "$(cat pg)"
-- at_once.sh --
hold_all() { echo 'BEGIN; LOCK TABLE packages IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(5);' | psql "host=$(cat pg)/server user=sallyport dbname=postgres" -q >/dev/null; }
ask() { curl -sS --max-time 60 --cacert web.tls.pem --cert vendor.tls.pem --key vendor.tls.key -H 'Version: 2.0.0' -w '%{http_code}\n' "$@"; }
# packages_at NUMBER: of the server that is asked for it, one or the other.
packages_at() { echo "$(cat "$([ $(($1 % 2)) = 0 ] && echo a || echo b).url")/vnfpkgm/v2/vnf_packages"; }
create_at() { ask -o "created.$1" -H 'Content-Type: application/json' -d '{}' "$(packages_at "$1")" >"created.$1.status"; }
created_ones() { grep -l 201 created.*.status | cut -d . -f 2; }
upload_at() {
  ask -o /dev/null -H 'Content-Type: application/zip' -T 14000 "$(packages_at "$1")/$(sed 's/^{"id":"\([^"]*\)".*/\1/' "created.$1")/package_content" >"uploaded.$1.status"
}
