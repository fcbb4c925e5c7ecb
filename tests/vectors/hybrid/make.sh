#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# make.sh: makes the files beside it anew, where OpenSSL has ML-DSA and clamd is there: a policy that asks for classical and
# post-quantum signatures, two releases with both, and verdict and order about the first. `sallyport` is the one in PATH. The keys are
# gone afterwards. The certificates hold for a hundred years; the statements are of 2026-11-26.
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
certificate() {
  sallyport key csr --key "file:$1.key" --cn "$2 release" -o "$1.csr" >/dev/null
  printf 'keyUsage=critical,digitalSignature\nextendedKeyUsage=codeSigning\n' >ext
  back_then openssl x509 -req -in "$1.csr" -CA "$2-ca.pem" -CAkey "$2-ca.key" -days 36500 -out "$1.pem" -extfile ext 2>/dev/null
}
authority acme -newkey ec -pkeyopt ec_paramgen_curve:P-256
authority acme-pq -newkey ML-DSA-65
cat acme-ca.pem acme-pq-ca.pem >anchors.pem
sallyport key create --type p256 -o release.key >/dev/null
for name in alice bob carol intake; do sallyport key create -o "$name.key" >/dev/null; done
for name in release alice bob carol intake; do sallyport key create --type ml-dsa-65 -o "$name-pq.key" >/dev/null; done
certificate release acme
certificate release-pq acme-pq
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
cp policy.json 1.csar 2.csar 1.verdict 1.order "$out"
