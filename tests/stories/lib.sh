# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Functions of the stories and their fixtures. Names of files: N.csar, N.verdict and N.order belong together.

# clamd_here: Debian's clamd, with a database of our own, at clamd/clamd.sock; ends with the story.
clamd_here() {
  "$REPO/tools/demo/clamd" "$PWD/clamd" >clamd.out 2>&1 &
  echo $! >clamd.pid
  for _ in $(seq 300); do
    if [ -S clamd/clamd.sock ]; then return; fi
    sleep 0.05
  done
  cat clamd.out >&2
  return 1
}

clamd_gone() { kill "$(cat clamd.pid)"; while [ -d "/proc/$(cat clamd.pid)" ]; do sleep 0.02; done; }

# package N TREE COUNTER [OPTION...]: N.csar, built from a folder and signed by acme.
package() {
  sallyport package build --from "$2" --name demo --version "$1" --product demo --counter "$3" \
    --released 2026-01-01T00:00:00Z "${@:4}" -o "$1.csar" >/dev/null
  sallyport package sign "$1.csar" --key file:release.key --cert release.pem >/dev/null
}

# verdict N: N.verdict about N.csar, of the clamd that runs here.
verdict() {
  sallyport intake submit "$1.csar" --policy policy.json --key file:intake.key --clamd clamd/clamd.sock \
    -o "$1.verdict" >/dev/null
}

# proposal N [OPTION...]: N.order about N.csar, by alice.
proposal() {
  sallyport deploy propose "$1.csar" --verdict "$1.verdict" --policy policy.json --pool pool-1 --as alice \
    --key file:alice.key "${@:2}" -o "$1.order" >/dev/null
}

# approval N PERSON [OPTION...]
approval() {
  sallyport deploy approve "$1.order" --policy policy.json --as "$2" --key "file:$2.key" "${@:3}" >/dev/null
}

# order N [OPTION...]: N.order, proposed by alice and approved by bob and carol.
order() {
  proposal "$@"
  approval "$1" bob
  approval "$1" carol
}

# install N [OPTION...] / try_install N: with the files that belong to N.
install_args() { echo "$1.csar --verdict $1.verdict --order $1.order --root node"; }
# shellcheck disable=SC2046
installs() { sallyport node install $(install_args "$1") "${@:2}" >/dev/null; }

# state DIR: what is there of a node: type, mode, owner and content of everything. Left out is what a refusal may change: the
# event log, the quarantine, the lock, and what a service's start said.
state() {
  (
    cd "$1"
    all=(find . \( -path ./events.jsonl -o -path ./quarantine -o -path ./lock -o -path './run/*.out' \) -prune -o)
    "${all[@]}" -printf '%p %y %m %U:%G %l\n' | sort
    "${all[@]}" -type f -print0 | sort -z | xargs -0r sha256sum
  ) | sha256sum
}

# refuses EXIT CODE COMMAND...: sallyport says no (or cannot): this exit code, this code in its JSON and on its last words, and the
# node (where one stands in ./node) is what it was before, to the last mode bit.
refuses() {
  local exit=$1 code=$2 before='' found=0
  if [ -d node ]; then before=$(state node); fi
  sallyport "${@:3}" --json >refusal.json 2>refusal.err || found=$?
  if [ "$found" != "$exit" ]; then
    echo "exit $exit expected, $found found: sallyport ${*:3}" && cat refusal.json refusal.err
    return 1
  fi
  if ! grep -q '"ok":false,.*"error":{"code":"'"$code"'","kind":"[a-z]*","exit":'"$exit," refusal.json; then
    echo "$code expected: sallyport ${*:3}" && cat refusal.json
    return 1
  fi
  if [ -d node ] && [ "$(state node)" != "$before" ]; then
    echo "the node is not what it was: sallyport ${*:3}"
    return 1
  fi
}

# refuses_install EXIT CODE N: as above, and the node's event log has exactly one line more, with this code.
refuses_install() {
  local before
  before=$(wc -l <node/events.jsonl)
  # shellcheck disable=SC2046
  refuses "$1" "$2" node install $(install_args "$3") "${@:4}" || return 1
  if [ "$(wc -l <node/events.jsonl)" != $((before + 1)) ]; then echo "not one event for the refusal"; return 1; fi
  if ! tail -n 1 node/events.jsonl | grep -q "\"activity\":\"node-install\".*\"code\":\"$2\""; then
    tail -n 1 node/events.jsonl
    return 1
  fi
}

# rehearses COMMAND...: with --dry-run it works, prints its JSON, and leaves every name, mode, owner and byte here as it was (but for what
# a web server writes down about its guests).
everything() {
  find . -path ./web -prune -o -printf '%p %y %m %U:%G %s %l\n' | sort
  find . -path ./web -prune -o -type f -print0 | sort -z | xargs -0r sha256sum
}
rehearses() {
  local before said
  before=$(everything)
  if ! said=$(sallyport "$@" --dry-run --json); then echo "no rehearsal: $*" && echo "$said"; return 1; fi
  if [ "$(everything)" != "$before" ]; then echo "changed: $*"; diff <(echo "$before") <(everything); return 1; fi
  if [[ $said != *'"rehearsal":true'* ]]; then echo "not said to be a rehearsal: $*"; return 1; fi
  echo "$said"
}

# twin FROM TO: N.verdict and N.order of one package, for another one to be tried with.
twin() { cp "$1.verdict" "$2.verdict"; cp "$1.order" "$2.order"; }

tamper() { "$REPO/tools/demo/tamper" "$@"; }

# active: the version that the node would run.
active() { sallyport node status --root node --json | sed -n 's/.*"active":{"generation":[0-9]*,"product":"demo","version":"\([^"]*\)".*/\1/p'; }

# web_here DIR [CERTIFICATE KEY [CLIENT-AUTHORITY]]: Debian's nginx serves DIR; its address is in the file url. Ends with the story, or with web_gone.
web_here() {
  local port listen scheme=http
  port=$(python3 -c 'import socket; s = socket.create_server(("127.0.0.1", 0)); print(s.getsockname()[1])')
  listen="listen 127.0.0.1:$port;"
  if [ $# -gt 1 ]; then scheme=https listen="listen 127.0.0.1:$port ssl; ssl_certificate $PWD/$2; ssl_certificate_key $PWD/$3;"; fi
  if [ $# -gt 3 ]; then listen+=" ssl_verify_client on; ssl_client_certificate $PWD/$4;"; fi
  mkdir -p web
  cat >web/nginx.conf <<CONF
daemon off; user root; worker_processes 1; pid $PWD/web/pid; error_log $PWD/web/error.log;
events {}
http {
  access_log $PWD/web/access.log; client_body_temp_path $PWD/web/body; proxy_temp_path $PWD/web/proxy;
  fastcgi_temp_path $PWD/web/fastcgi; uwsgi_temp_path $PWD/web/uwsgi; scgi_temp_path $PWD/web/scgi;
  server { $listen root $PWD/$1; }
}
CONF
  nginx -c "$PWD/web/nginx.conf" -e "$PWD/web/error.log" &
  echo $! >web/nginx.pid
  for _ in $(seq 100); do
    if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then break; fi
    sleep 0.05
  done
  echo "$scheme://127.0.0.1:$port" >url
}

web_gone() { kill "$(cat web/nginx.pid)"; while [ -d "/proc/$(cat web/nginx.pid)" ]; do sleep 0.02; done; }

# first_root THRESHOLD ONLINE OFFICER...: the first officer stages a root with these keepers and signs it.
first_root() {
  local keepers=(--threshold "$1" --online "$2.key.pub") officer
  for officer in "${@:3}"; do keepers+=(--officer "$officer.key.pub"); done
  sallyport policy sign policy.json --repository repo --key "file:$3.key" "${keepers[@]}" >/dev/null
}

# publish N [KEY]: N.csar with its papers (N.order.proof among them, if it is there); without N only what is staged, and a new time stamp.
publish() {
  local files=()
  if [ -n "${1:-}" ]; then files=(--package "$1.csar" --verdict "$1.verdict" --order "$1.order"); fi
  sallyport deploy publish --repository repo --key "file:${2:-server}.key" "${files[@]}" >/dev/null
}

syncs() { sallyport node sync "$(cat url)" --root node "$@"; }

# cosigned: both witnesses look at the log's checkpoint and cosign it.
cosigned() {
  local w
  for w in w1 w2; do
    sallyport log request --log log -o "$w.request" >/dev/null || return
    sallyport log witness "$w.request" --state "$w" --name "$w.example" --key "file:$w.key" --policy policy.json \
      -o "$w.answer" >/dev/null || return
  done
  sallyport log cosign w1.answer w2.answer --log log --policy policy.json >/dev/null
}

# logged N [OPTION...]: N.csar, N.verdict and N.order go into the log, which is cosigned; N.order.proof.
logged() {
  sallyport log append "$1.csar" "$1.verdict" "$1.order" --log log --key file:log.key >/dev/null
  cosigned
  sallyport log prove "$1.order" --log log "${@:2}" -o "$1.order.proof" >/dev/null
}

# edited FILE PYTHON: the policy file, changed by statements on the variable `p`; printed.
edited() { python3 -c "import json,sys; p=json.load(open(sys.argv[1])); exec(sys.argv[2]); json.dump(p, sys.stdout, indent=1)" "$1" "$2"; }

# officer_approves FILE PERSON: the next policy, or the file with signatures of others.
officer_approves() { sallyport policy approve "$1" --policy policy.json --as "$2" --key "file:$2.key" "${@:3}" >/dev/null; }

# free_port: one of loopback that nobody listens on.
free_port() { python3 -c 'import socket; s = socket.create_server(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

# witness_here W [OPTION...]: the witness W.example answers over HTTP, at the address in the file W.url; ends with the story, or with
# witness_gone W.
witness_here() {
  local port
  if [ ! -f "$1.url" ]; then echo "http://127.0.0.1:$(free_port)" >"$1.url"; fi
  port=$(sed 's/.*://' "$1.url")
  sallyport log watch --listen "127.0.0.1:$port" --state "$1" --name "$1.example" --key "file:$1.key" --policy policy.json \
    "${@:2}" >"$1.out" 2>"$1.err" &
  echo $! >"$1.pid"
  for _ in $(seq 100); do
    if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then return; fi
    sleep 0.05
  done
  cat "$1.err" >&2
  return 1
}

witness_gone() { kill "$(cat "$1.pid")"; while [ -d "/proc/$(cat "$1.pid")" ]; do sleep 0.02; done; }

# asking W...: the policy with the addresses of these witnesses.
asking() {
  python3 - "$@" <<'PYTHON'
import json, sys
policy = json.load(open("policy.json"))
for witness in policy["log"]["witnesses"]:
    if witness["name"].removesuffix(".example") in sys.argv[1:]:
        witness["url"] = open(witness["name"].removesuffix(".example") + ".url").read().strip()
json.dump(policy, open("asking.json", "w"), indent=1)
PYTHON
}

# guest start|boot|run|off|cut: a Debian guest under QEMU; tools/vm/guest.
guest() { "$REPO/tools/vm/guest" "$@"; }

# shellcheck source=tests/stories/authorities.sh
. "$REPO/tests/stories/authorities.sh"
# shellcheck source=tests/stories/server.sh
. "$REPO/tests/stories/server.sh"
