// SPDX-License-Identifier: Apache-2.0
#include "roles/operator/baseline_signing.h"

#include "core/format/dsse.h"
#include "core/trust/baseline.h"
#include "roles/operator/person.h"

namespace sallyport::operators {
namespace {

// A statement becomes an envelope that nobody has signed yet.
Envelope envelope_of(BytesView file) {
  auto envelope = parse_envelope(file);
  if (envelope.ok()) return std::move(envelope).value();
  return {std::string(statement_payload_type), copy(file), {}};
}

Result<void> check_nodes(const HostBaseline& baseline, const Policy& policy) {
  const auto pool = policy.pools.find(baseline.pool);
  if (pool == policy.pools.end())
    return Error(Code::pool_unknown, "baseline.pool", "a pool of the policy", baseline.pool.text());
  for (const auto& node : baseline.nodes) {
    if (pool->second.nodes.contains(node)) continue;
    return Error(Code::node_unknown, "baseline.nodes", "a node of pool " + baseline.pool.text(), node.text());
  }
  return {};
}

Result<BaselineSigned> judge(const Envelope& envelope, const Policy& policy, Instant now) {
  auto baseline = TRY(parse_baseline(envelope.payload));
  TRY(check_nodes(baseline, policy));
  BaselineSigned result{std::move(baseline), sha256(envelope.payload), {}, {}, {}};
  if (envelope.signatures.empty()) {  // an envelope of nobody has no form
    result.missing = Error(Code::baseline_quorum_missing, "officers", "signatures", "none");
    return result;
  }
  const auto file = print_envelope(envelope);
  result.signers = TRY(trust::baseline_as_signed(policy, as_bytes(file), now))->signers;
  auto enough = trust::baseline(policy, as_bytes(file), now);
  if (!enough.ok()) result.missing = enough.take_error();
  return result;
}

}  // namespace

Result<Bytes> baseline_payload(BytesView file) {
  auto envelope = envelope_of(file);
  TRY(parse_baseline(envelope.payload));
  return std::move(envelope.payload);
}

Result<BaselineSigned> review_baseline(BytesView file, const Policy& policy, Instant now) {
  return judge(envelope_of(file), policy, now);
}

Result<BaselineSigned> sign_baseline(const BaselineSigning& request, Signer& signer) {
  auto envelope = envelope_of(request.file);
  const auto before = TRY(judge(envelope, request.policy, request.now));
  if (request.reviewed && *request.reviewed != before.identity)
    return Error(Code::not_what_was_reviewed, "baseline", request.reviewed->text(), before.identity.text());
  TRY(deploy::check_person(request.policy, request.person, signer.public_key()));
  TRY(deploy::add_signature(envelope, statement_payload_type, signer));
  auto result = TRY(judge(envelope, request.policy, request.now));
  result.envelope = print_envelope(envelope);
  return result;
}

}  // namespace sallyport::operators
