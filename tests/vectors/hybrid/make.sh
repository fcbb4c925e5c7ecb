#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# make.sh: makes the files beside it anew, where OpenSSL has ML-DSA and clamd is there: a policy that asks for classical and
# post-quantum signatures, two releases with both, and verdict and order about the first; then the same policy where it requires time stamps,
# the first release with stamps of 2026-11-22 (early.csar) and of 2026-11-24 (late.csar) on both signatures, and lists by which the
# certificates of the signatures were superseded on 2026-11-23; then a policy that names a log and a witness of each kind, and the proof
# that the first release is in it. `sallyport` is the one in PATH. The keys are gone afterwards. The
# certificates and lists hold for a hundred years; the statements are of 2026-11-26.
set -euo pipefail
out=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
REPO=$(cd "$out/../../.." && pwd)
. "$REPO/tests/stories/lib.sh"
work=$(mktemp -d)
trap 'kill "$(cat "$work/clamd.pid")" 2>/dev/null || true; rm -rf "$work"' EXIT
cd "$work"
signed=2026-11-21T21:00:00Z at=2026-11-26T00:00:00Z

back_then() { faketime '2026-11-20 00:00:00' "$@"; }
# authority NAME OPENSSL-KEY-OPTION...
authority() {
  back_then openssl req -x509 "${@:2}" -nodes -keyout "$1-ca.key" -out "$1-ca.pem" -subj "/CN=$1 root" -days 36500 2>/dev/null
}
# certificate NAME AUTHORITY USE
certificate() {
  sallyport key csr --key "file:$1.key" --cn "$2 release" -o "$1.csr" >/dev/null
  printf 'keyUsage=critical,digitalSignature\nextendedKeyUsage=%s\n' "$3" >ext
  back_then openssl x509 -req -in "$1.csr" -CA "$2-ca.pem" -CAkey "$2-ca.key" -days 36500 -out "$1.pem" -extfile ext 2>/dev/null
}
authority acme -newkey ec -pkeyopt ec_paramgen_curve:P-256
authority acme-pq -newkey ML-DSA-65
cat acme-ca.pem acme-pq-ca.pem >anchors.pem
sallyport key create --type p256 -o release.key >/dev/null
for name in alice bob carol intake; do sallyport key create -o "$name.key" >/dev/null; done
for name in release alice bob carol intake; do sallyport key create --type ml-dsa-65 -o "$name-pq.key" >/dev/null; done
certificate release acme codeSigning
certificate release-pq acme-pq codeSigning
sallyport policy init --hybrid --name 'Both kinds of signatures' --source acme:demo:anchors.pem \
  --person alice:operations:alice.key.pub,alice-pq.key.pub --person bob:operations:bob.key.pub,bob-pq.key.pub \
  --person carol:security:carol.key.pub,carol-pq.key.pub --intake intake-1:intake.key.pub,intake-pq.key.pub \
  --pool pool-1:demo:node-1 --approvals 2 -o policy.json >/dev/null
mkdir -p tree/bin
echo 'demo' >tree/bin/demo
for n in 1 2; do
  echo "release $n" >tree/release
  sallyport package build --from tree --name demo --version "$n" --product demo --counter "$n" --released 2026-01-01T00:00:00Z \
    -o "$n.csar" >/dev/null
  sallyport package sign "$n.csar" --key file:release.key --cert release.pem --at $signed >/dev/null
  sallyport package sign "$n.csar" --key file:release-pq.key --cert release-pq.pem --at $signed >/dev/null
done
clamd_here
sallyport intake submit 1.csar --policy policy.json --key file:intake.key --key file:intake-pq.key --clamd clamd/clamd.sock --at $at \
  -o 1.verdict >/dev/null
sallyport deploy propose 1.csar --verdict 1.verdict --policy policy.json --pool pool-1 --as alice --key file:alice.key \
  --key file:alice-pq.key --sequence 1 --until 2026-12-03T00:00:00Z --at $at -o 1.order >/dev/null
for name in bob carol; do
  sallyport deploy approve 1.order --policy policy.json --as $name --key file:$name.key --key file:$name-pq.key --at $at >/dev/null
done

authority stamps -newkey ec -pkeyopt ec_paramgen_curve:P-384
sallyport key create --type p384 -o stamper.key >/dev/null
certificate stamper stamps critical,timeStamping
stamp_settings >ts.cnf
edited policy.json 'p["sources"][0]["time_stamps"] = {"anchors": [open("stamps-ca.pem").read()], "need": "required"}' >stamped.json
# stamped_at TIME NAME: NAME.csar is 1.csar with stamps of then.
stamped_at() {
  sallyport package timestamp 1.csar --query-out "$2-1.tsq" --query-out "$2-2.tsq" >/dev/null
  for n in 1 2; do
    TZ=UTC faketime "$1" openssl ts -reply -config ts.cnf -queryfile "$2-$n.tsq" -signer stamper.pem -inkey stamper.key -out "$2-$n.tsr" 2>/dev/null
  done
  sallyport package timestamp 1.csar --reply "$2-1.tsr" --reply "$2-2.tsr" -o "$2.csar" >/dev/null
}
stamped_at '2026-11-22 00:00:00' early
stamped_at '2026-11-24 00:00:00' late
# superseded AUTHORITY CERTIFICATE: AUTHORITY.crl lists it.
superseded() {
  lists "$1"
  sed -i 's/^default_md = .*/default_md = default/; s/^default_crl_days = .*/default_crl_days = 36500/' "$1-db/cnf"
  TZ=UTC faketime '2026-11-23 00:00:00' openssl ca -config "$1-db/cnf" -keyfile "$1-ca.key" -cert "$1-ca.pem" -revoke "$2.pem" \
    -crl_reason superseded 2>/dev/null
  TZ=UTC faketime '2026-11-25 00:00:00' openssl ca -config "$1-db/cnf" -keyfile "$1-ca.key" -cert "$1-ca.pem" -gencrl >"$1.crl" 2>/dev/null
}
superseded acme release
superseded acme-pq release-pq

sallyport key create -o log.key >/dev/null
sallyport key create -o w1.key >/dev/null
sallyport key create --type ml-dsa-44 -o w2.key >/dev/null
edited policy.json 'p["log"] = {"origin": "log.example/packages", "key": open("log.key.pub").read(), "quorum": 2,
  "witnesses": [{"name": name + ".example", "key": open(name + ".key.pub").read()} for name in ("w1", "w2")]}' >logged.json
sallyport log create --log log --origin log.example/packages --key file:log.key >/dev/null
sallyport log append 1.csar --log log --key file:log.key >/dev/null
sallyport log request --log log -o request >/dev/null
for name in w1 w2; do
  sallyport log witness request --state $name --name $name.example --key file:$name.key --policy logged.json --at $at -o $name.answer >/dev/null
done
sallyport log cosign w1.answer w2.answer --log log --policy logged.json --at $at >/dev/null
sallyport log prove 1.csar --log log -o 1.csar.proof >/dev/null
cp policy.json 1.csar 2.csar 1.verdict 1.order logged.json 1.csar.proof stamped.json early.csar late.csar acme.crl acme-pq.crl "$out"
