#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The whole way of a package, on a real network function, with the commands that a user has. Every command is printed before
# it runs: read it as the tutorial. What it makes stays in demo-out/.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=tools/packages.sh
. tools/packages.sh
need build test

readonly bin=$PWD/build/release/bin world=$PWD/demo-out cache=$PWD/build/cache/nextepc demo=$PWD/tools/demo
[ -f build/release/build.ninja ] || cmake --preset release >/dev/null
echo "Building (build/release/bin) …"
ninja --quiet -C build/release
export PATH=$bin:$PATH

bold=$'\e[1m' plain=$'\e[0m'
if [ ! -t 1 ] || [ -n "${NO_COLOR:-}" ]; then bold='' plain=''; fi
chapter() { printf '\n%s== %s%s\n' "$bold" "$*" "$plain"; }
say() { printf '%s\n' "$*"; }
quoted() { local word out=''; for word; do case $word in *[!A-Za-z0-9_./:,=@%+-]*) out+=" '$word'" ;; *) out+=" $word" ;; esac; done; printf '%s' "${out# }"; }
run() { printf '%s$ %s%s\n' "$bold" "$(quoted "$@")" "$plain"; "$@"; }

# refused CODE EXIT COMMAND…: the command must be refused with this code, and the node must be as it was.
refusals=0
refused() {
  local code=$1 expected=$2 before found=0; shift 2
  before=$(node_state)
  printf '%s$ %s%s\n' "$bold" "$(quoted "$@")" "$plain"
  "$@" >last.out 2>&1 || found=$?
  cat last.out
  if [ "$found" != "$expected" ] || ! grep -q "REFUSED  $code " last.out; then
    say "demo: expected $code with exit code $expected, found exit code $found" >&2
    exit 1
  fi
  if [ "$(node_state)" != "$before" ]; then say "demo: the node has changed" >&2; exit 1; fi
  refusals=$((refusals + 1))
}
# The active generation, the journal, and the process of the network function.
node_state() { if [ -d node ]; then readlink node/active; sha256sum node/journal; cat node/run/*.json 2>/dev/null || true; fi; }

# What the library of the stories has about web servers.
REPO=$PWD
# shellcheck source=tests/stories/lib.sh
. tests/stories/lib.sh

clamd_pid=
finish() {
  [ ! -e "$world/web/nginx.pid" ] || kill "$(cat "$world/web/nginx.pid")" 2>/dev/null || true
  [ ! -e "$world/node/active" ] || sallyport node stop --root "$world/node" >/dev/null 2>&1 || true
  [ -z "$clamd_pid" ] || kill "$clamd_pid" 2>/dev/null || true
}
trap finish EXIT

# A demo that was there before: its network function is stopped, its world removed.
if [ -e "$world" ]; then
  [ -e "$world/policy.json" ] || [ -d "$world/keys" ] || { say "demo: $world is not a demo's" >&2; exit 1; }
  [ ! -e "$world/node/active" ] || sallyport node stop --root "$world/node" >/dev/null
  rm -rf "$world"
fi
mkdir -p "$world"/{keys,packages,verdicts,orders,tampered}
cd "$world"
export SALLYPORT_EVENTS=$world/events.jsonl

chapter "1. The vendor: a release of the real MME, signed with a key in a PKCS#11 token"
"$demo/nextepc/fetch.sh" "$cache"
export SOFTHSM2_CONF=$world/keys/softhsm2.conf
mkdir keys/tokens && echo "directories.tokendir = $world/keys/tokens" >"$SOFTHSM2_CONF"
module=$(find /usr/lib -name libsofthsm2.so | head -1)
(umask 077 && echo 123456 >keys/release.pin)
run softhsm2-util --init-token --free --label release --so-pin 123456 --pin 123456
run pkcs11-tool --module "$module" --token-label release --login --pin 123456 --keypairgen --key-type EC:secp384r1 --label mme --id 01
key="pkcs11:token=release;object=mme;type=private?module-path=$module&pin-source=file:$world/keys/release.pin"
run sallyport key csr --key "$key" --cn 'Acme Release 2026' --organisation 'Acme Core' -o keys/release.csr

# The vendor's CA is the vendor's affair; here it is two openssl commands.
certify() { # certify CA-NAME CSR OUT
  openssl x509 -req -in "$2" -CA "keys/$1.pem" -CAkey "keys/$1.key" -days 365 -set_serial "0x$(openssl rand -hex 8)" -out "$3" 2>/dev/null \
    -extfile <(printf 'basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=codeSigning\n')
}
authority() { # authority NAME SUBJECT
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "keys/$1.key" -out "keys/$1.pem" -days 3650 -subj "$2" \
    -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign 2>/dev/null
}
authority acme-root '/O=Acme Core/CN=Acme Root'
certify acme-root keys/release.csr keys/release.pem

readonly services=$demo/nextepc/services.json
mapfile -t debs < <(find "$cache/debs" -name '*.deb' | sort)
build() { # build VERSION COUNTER CONFIG-FOLDER OUT
  local words=(sallyport package build) deb
  for deb in "${debs[@]}"; do words+=(--deb "$deb"); done
  printf '%s$ sallyport package build --deb … (%s packages of Debian) --from %s --services %s --name nextepc-mme --version %s --product nextepc-mme --counter %s -o %s%s\n' \
    "$bold" "${#debs[@]}" "$3" "$services" "$1" "$2" "$4" "$plain"
  "${words[@]}" --from "$3" --services "$services" --name nextepc-mme --version "$1" --product nextepc-mme --counter "$2" \
    --released 2026-11-21T00:00:00Z -o "$4"
}
cp -a "$cache/overlay" keys/overlay-1 && mv keys/overlay-1 overlay-1
cp -a overlay-1 overlay-2
mkdir -p overlay-2/usr/share/doc/nextepc-mme && echo 'A dictionary of the S6a interface was mended.' >overlay-2/usr/share/doc/nextepc-mme/NEWS.release
cp -a overlay-2 overlay-malware
"$demo/hide_eicar" overlay-malware/usr/share/doc/nextepc-mme/tools.tar.gz
build 0.3.10-1 1 overlay-1 packages/mme-1.csar
build 0.3.10-2 2 overlay-2 packages/mme-2.csar
build 0.3.10-3 3 overlay-malware packages/mme-malware.csar
for package in mme-1 mme-2 mme-malware; do run sallyport package sign "packages/$package.csar" --key "$key" --cert keys/release.pem; done
run sallyport inspect packages/mme-1.csar
say "The file is a SOL004 option 1 package that other tools read:"
run unzip -tq packages/mme-1.csar
unzip -p packages/mme-1.csar nextepc-mme.mf >keys/manifest
sed '/^-----BEGIN CMS-----/,$d' keys/manifest >keys/manifest.signed
sed -n '/^-----BEGIN CMS-----/,/^-----END CMS-----/p' keys/manifest >keys/manifest.cms
run openssl cms -verify -binary -inform PEM -in keys/manifest.cms -content keys/manifest.signed -CAfile keys/acme-root.pem -purpose any -out /dev/null

chapter "2. The operator: a policy, and intake with a real scanner"
for person in alice bob carol dave intake log witness-1 witness-2; do run sallyport key create -o "keys/$person.key"; done
authority globex-root '/O=Globex/CN=Globex Root'
run sallyport policy init --name 'Operator X' --source acme:nextepc-mme:keys/acme-root.pem --source globex:globex-pgw:keys/globex-root.pem \
  --person alice:operations:keys/alice.key.pub --person bob:operations:keys/bob.key.pub --person carol:security:keys/carol.key.pub \
  --person dave:security:keys/dave.key.pub --intake intake-1:keys/intake.key.pub --pool mme-north:nextepc-mme,globex-pgw:mme-1 \
  --propose operations --approve operations,security --approvals 2 --log log.operator.example/mme:keys/log.key.pub \
  --witness witness-1.example:keys/witness-1.key.pub --witness witness-2.example:keys/witness-2.key.pub -o policy.json
run sallyport verify packages/mme-1.csar --policy policy.json
"$demo/clamd" "$world/clamd" >/dev/null 2>&1 &
clamd_pid=$!
for _ in $(seq 100); do [ -S clamd/clamd.sock ] && break; sleep 0.1; done
submit() { run sallyport intake submit "packages/$1.csar" --policy policy.json --key file:keys/intake.key --clamd clamd/clamd.sock -o "verdicts/$1.dsse"; }
submit mme-1
submit mme-2
say "A release that carries malware (the EICAR test file, in a ZIP in a tar archive) gets no clean verdict:"
refused malware-found 3 sallyport intake submit packages/mme-malware.csar --policy policy.json --key file:keys/intake.key --clamd clamd/clamd.sock \
  -o verdicts/mme-malware.dsse

chapter "3. The operator's people: propose, review, approve"
propose() { run sallyport deploy propose "packages/$1.csar" --verdict "verdicts/$1.dsse" --policy policy.json --pool mme-north --as alice \
  --key file:keys/alice.key --reason "$2" -o "orders/$1.dsse"; }
approve() { run sallyport deploy approve "orders/$1.dsse" --policy policy.json --as "$2" --key "file:keys/$2.key"; }
propose mme-1 'first installation'
run sallyport deploy review orders/mme-1.dsse --policy policy.json --package packages/mme-1.csar
refused approver-is-proposer 4 sallyport deploy approve orders/mme-1.dsse --policy policy.json --as alice --key file:keys/alice.key
approve mme-1 bob
refused approver-counted-twice 4 sallyport deploy approve orders/mme-1.dsse --policy policy.json --as bob --key file:keys/bob.key

chapter "4. The log: what was approved is in a list that only grows, and that witnesses watch"
run sallyport log create --log log --origin log.operator.example/mme --key file:keys/log.key
# shellcheck source=tools/demo/log.sh
. "$demo/log.sh"
mkdir log-requests witnesses
say "What a web server would serve:"
run find log/public -type f

chapter "5. The node: pin the policy, install, upgrade, roll back"
run sallyport node init --root node --policy policy.json --node mme-1 --pool mme-north
install() { run sallyport node install "packages/$1.csar" --verdict "verdicts/$1.dsse" --order "orders/$1.dsse" --root node; }
say "One approval short:"
refused approvals-missing 4 sallyport node install packages/mme-1.csar --verdict verdicts/mme-1.dsse --order orders/mme-1.dsse --root node
approve mme-1 carol
say "Approved, but not in the log:"
refused log-proof-missing 4 sallyport node install packages/mme-1.csar --verdict verdicts/mme-1.dsse --order orders/mme-1.dsse --root node
cp -a log log-forked
logged mme-1
run sallyport log verify orders/mme-1.dsse --proof orders/mme-1.dsse.proof --policy policy.json
install mme-1
run sallyport node status --root node
propose mme-2 'CVE fix in the S6a dictionary'
run sallyport deploy review orders/mme-2.dsse --policy policy.json --package packages/mme-2.csar --running node
approve mme-2 bob
approve mme-2 dave
logged mme-2

say "The second release comes through the operator's repository: officers sign what is current, nginx serves static files, the node fetches."
for officer in officer-1 officer-2 officer-3 server; do sallyport key create -o "keys/$officer.key" >/dev/null; done
run sallyport policy sign policy.json --repository repository --key file:keys/officer-1.key --officer keys/officer-1.key.pub \
  --officer keys/officer-2.key.pub --officer keys/officer-3.key.pub --threshold 2 --online keys/server.key.pub
refused tuf-signatures-missing 3 sallyport deploy publish --repository repository --key file:keys/server.key
run sallyport policy sign policy.json --repository repository --key file:keys/officer-3.key
run sallyport deploy publish --repository repository --key file:keys/server.key --package packages/mme-2.csar \
  --verdict verdicts/mme-2.dsse --order orders/mme-2.dsse
web_here repository
run sallyport node sync "$(cat url)" --root node --pin repository/metadata/1.root.json
web_gone
run sallyport node install node/repository/packages/*.csar --verdict node/repository/verdicts/*.dsse \
  --order node/repository/orders/*.dsse --proof orders/mme-2.dsse.proof --root node
run sallyport node rollback --root node
run sallyport node history --root node

chapter "6. Running: only verified code, in a root of its own"
service=$(python3 -c 'import json,sys; print(json.load(open(sys.argv[1]))[0]["name"])' "$services")
run sallyport node verify --root node
run sallyport node status --root node
pid=$(python3 -c 'import json,sys; print(json.load(open(sys.argv[1]))["pid"])' "node/run/$service.json")
say "What the function sees (its mounts): the generation is read-only, whatever is writable is noexec."
run cat "/proc/$pid/mounts"

chapter "7. Refused"
flip() { "$demo/tamper" flip packages/mme-2.csar "$1" "tampered/$2.csar"; }
try() { refused "$1" "$2" sallyport node install "$3" --verdict "${4:-verdicts/mme-2.dsse}" --order "${5:-orders/mme-2.dsse}" --root node; }
flip Artifacts/content.pack payload && say "A flipped bit of the payload:" && try member-digest-mismatch 3 tampered/payload.csar
flip Artifacts/tree.json tree && say "A flipped bit of the tree:" && try member-digest-mismatch 3 tampered/tree.csar
flip manifest manifest && say "A flipped bit of the manifest:" && try signature-invalid 3 tampered/manifest.csar
flip signature signature && say "A flipped bit of the signature:" && try signature-invalid 3 tampered/signature.csar
"$demo/tamper" payload verdicts/mme-2.dsse tampered/verdict.dsse
say "A flipped bit of the verdict:" && try verdict-signature-invalid 3 packages/mme-2.csar tampered/verdict.dsse
"$demo/tamper" payload orders/mme-2.dsse tampered/order.dsse
say "A flipped bit of the order:" && try order-signature-invalid 3 packages/mme-2.csar verdicts/mme-2.dsse tampered/order.dsse
"$demo/tamper" drop orders/mme-2.dsse tampered/short.dsse
say "One approval short:" && try approvals-missing 4 packages/mme-2.csar verdicts/mme-2.dsse tampered/short.dsse
"$demo/tamper" double orders/mme-2.dsse 1 tampered/twice.dsse
say "The same person twice:" && try approver-counted-twice 4 packages/mme-2.csar verdicts/mme-2.dsse tampered/twice.dsse
"$demo/tamper" double orders/mme-2.dsse 0 tampered/proposer.dsse
say "The proposer as approver:" && try approver-is-proposer 4 packages/mme-2.csar verdicts/mme-2.dsse tampered/proposer.dsse
say "An order that was used before:" && try order-replayed 7 packages/mme-2.csar
sign_as() { # sign_as AUTHORITY OUT: mme-2, signed by somebody else
  sallyport key create --type p256 -o "keys/$2.key" >/dev/null
  sallyport key csr --key "file:keys/$2.key" --cn "$2" -o "keys/$2.csr" >/dev/null
  certify "$1" "keys/$2.csr" "keys/$2.pem"
  cp packages/mme-2.csar "tampered/$2.csar"
  sallyport package sign "tampered/$2.csar" --key "file:keys/$2.key" --cert "keys/$2.pem" >/dev/null
}
authority mallory-root '/O=Mallory/CN=Acme Root'
sign_as mallory-root stranger && say "An unknown signer:" && try signer-unknown 3 tampered/stranger.csar
sign_as globex-root globex && say "A signer who is authorised, but not for this product:" && try signer-not-for-product 4 tampered/globex.csar
forked_log

say "An older release under a new, approved order:"
run sallyport deploy propose packages/mme-1.csar --verdict verdicts/mme-1.dsse --policy policy.json --pool mme-north --as alice --key file:keys/alice.key \
  --reason 'back to the first' -o orders/mme-old.dsse
approve mme-old bob
approve mme-old carol
logged mme-1 mme-old
try counter-rollback 7 packages/mme-1.csar verdicts/mme-1.dsse orders/mme-old.dsse

say "A file of the running generation, altered on the disk past the installer:"
victim=node/$(readlink node/active)/tree/usr/lib/nextepc/libs1ap.so.1.0.0
printf 'x' >>"$victim"
refused generation-damaged 3 sallyport node verify --root node
run sallyport node stop --root node
refused generation-damaged 3 sallyport node run "$service" --root node
truncate -s -1 "$victim"
say "Put back as it was, it runs again:"
run sallyport node start --root node

chapter "8. Prove: the source documents' test cases against this node"
run sallyport evidence run --root node -o evidence --clamd clamd/clamd.sock --intake-key file:keys/intake.key --malware-package packages/mme-malware.csar
run sallyport evidence report evidence -o evidence.html
run sallyport evidence verify evidence/evidence.json

rm -f last.out
chapter "Done: $refusals refusals, each with its code, and the node as it was after every one of them"
say "The world of this demo is in demo-out/: packages, policy.json, verdicts, orders, keys, node, evidence.html, evidence.json, events.jsonl."
