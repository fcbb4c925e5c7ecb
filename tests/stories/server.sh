# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Part of lib.sh: the operator's server, with certificates of OpenSSL's own.

# tls_account NAME...: NAME.tls.pem and NAME.tls.key, by the authority of clients.
tls_account() {
  local name
  for name; do
    openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$name.tls.key" -subj "/CN=$name" -out "$name.tls.csr" 2>/dev/null
    openssl x509 -req -in "$name.tls.csr" -CA clients-ca.pem -CAkey clients-ca.key -days 2 -out "$name.tls.pem" 2>/dev/null
    rm "$name.tls.csr"
  done
}

# server_config PORT [PYTHON]: sallyportd.json for the accounts of the fixture `server`; statements on the variable `s` change it.
server_config() {
  python3 - "$@" <<'PYTHON'
import hashlib, json, os, ssl, sys
def account(name, role, **more):
    pem = open(f"{name}.tls.pem").read()
    return {"name": name, "roles": [role], "certificates": [hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem)).hexdigest()], **more}
here = os.getcwd()
s = {"listen": "127.0.0.1:" + sys.argv[1], "certificate": here + "/web.tls.pem", "key": here + "/web.tls.key",
     "client_authorities": here + "/clients-ca.pem", "database": "sqlite:" + here + "/server/server.db",
     "data": here + "/server/data", "audit": here + "/server/audit", "policy": here + "/policy.json",
     "intake_key": "file:" + here + "/intake.key", "clamd": here + "/clamd/clamd.sock",
     "accounts": [account("vendor", "submitter"), account("other", "submitter"), account("alice-web", "deployer", person="alice"),
                  account("bob-web", "approver", person="bob"), account("carol-web", "approver", person="carol"),
                  account("officer", "officer"), account("auditor", "auditor"), account("node-1", "node", node="node-1"),
                  account("monitor", "monitor")]}
if len(sys.argv) > 2:
    exec(sys.argv[2])
print(json.dumps(s, indent=1))
PYTHON
}

# server_here [CONFIG [NAME]]: sallyportd serves, started by the words of SERVER_AS; its address is in the file server.url. Ends with the story, or with server_gone [NAME].
server_here() {
  local config=${1:-sallyportd.json} name=${2:-server} port
  port=$(python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["listen"].rsplit(":", 1)[1])' "$config")
  # shellcheck disable=SC2086
  ${SERVER_AS:-} sallyportd --config "$config" >"$name.out" 2>"$name.err" &
  echo $! >"$name.pid"
  for _ in $(seq 200); do
    if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
      echo "https://127.0.0.1:$port" >"$name.url"
      return
    fi
    if ! [ -d "/proc/$(cat "$name.pid")" ]; then break; fi
    sleep 0.05
  done
  cat "$name.err" >&2
  return 1
}

server_gone() { kill "${2:--TERM}" "$(cat "${1:-server}.pid")"; while [ -d "/proc/$(cat "${1:-server}.pid")" ]; do sleep 0.02; done; }

# api STATUS ACCOUNT METHOD PATH [CURL-OPTION...]: asks the server, and prints what it says if the status is this one. An account `-` shows no certificate.
# Each answer is held against the document of the API when the story has come to its end (tests/api/document.py).
api() {
  local expected=$1 who=$2 found identity=()
  if [ "$who" != - ]; then identity=(--cert "$who.tls.pem" --key "$who.tls.key"); fi
  : >api.body
  found=$(curl -sS --max-time 60 --cacert web.tls.pem "${identity[@]}" -X "$3" -H 'Version: 2.0.0' -o api.body -D api.head -w '%{http_code}' "${@:5}" \
    "$(cat "${SERVER:-server}.url")$4") || return 1
  noted "$found" "$3" "$4"
  cat api.body
  if [ "$found" != "$expected" ]; then echo "status $expected expected, $found found: $3 $4" && return 1; fi
}

# noted STATUS METHOD PATH: the answer in api.head and api.body is added to api.exchanges, in the form of tests/api/document.py. Without another process: there are many.
noted() {
  local head body='' is_there=0
  head=$(<api.head)
  if [ -s api.body ]; then is_there=1; fi
  if [[ ${head,,} == *$'\n'content-type:\ application/*json* ]]; then body=$(<api.body); fi
  printf '%s\x1f%s\x1f%s\x1f%s\x1f%s\x1f%s\x1e' "$1" "$2" "$3" "$head" "$is_there" "$body" >>api.exchanges
}

# uploaded FILE: a package of the account vendor with this content; its id.
uploaded() {
  local id
  id=$(api 201 vendor POST /vnfpkgm/v2/vnf_packages -H 'Content-Type: application/json' -d '{}' | sed 's/^{"id":"\([^"]*\)".*/\1/') || return 1
  api 202 vendor PUT "/vnfpkgm/v2/vnf_packages/$id/package_content" -H 'Content-Type: application/zip' -T "$1" || return 1
  echo "$id"
}

# settled ID: waits until intake has an opinion, and shows the package.
settled() {
  local shown
  for _ in $(seq 600); do
    shown=$(api 200 auditor GET "/vnfpkgm/v2/vnf_packages/$1") || return 1
    if [[ $shown != *'"onboardingState":"PROCESSING"'* ]]; then echo "$shown" && return; fi
    sleep 0.1
  done
  echo "$shown" && return 1
}
