// SPDX-License-Identifier: Apache-2.0
#include "roles/auditor/verify.h"

#include "core/trust/order.h"
#include "core/trust/package.h"
#include "core/trust/stop.h"
#include "core/trust/verdict.h"
#include "roles/auditor/bundle.h"

namespace sallyport::auditor {
namespace {

Result<Verification> verify_package(const ByteSource& file, const Policy& policy, Instant at,
                                    Workers& workers) {
  const auto package = TRY(trust::package(file, policy, at, workers));
  const auto& tree = package->tree;
  std::vector<Field> facts = {{"package", package->digest.text()}, {"release", package->release.text()},
                              {"product", tree.product.text()},    {"name", tree.name},
                              {"version", tree.version},           {"counter", std::to_string(tree.counter)},
                              {"source", package->source.text()}};
  for (const auto& signer : package->signers) facts.push_back({"signer", signer});
  return Verification{FileKind::package, package.evidence().checks, std::move(facts)};
}

Result<Verification> verify_verdict(const ByteSource& file, const Policy& policy, Instant at) {
  const auto bytes = TRY(file.read(0, file.size(), envelope_size_max));
  const auto proof = TRY(trust::verdict(bytes, policy, at));
  auto facts = verdict_fields(proof->verdict);
  facts.insert(facts.begin(),
               {{"package", proof->verdict.package.text()}, {"verdict", proof->digest.text()}});
  return Verification{FileKind::verdict, proof.evidence().checks, std::move(facts)};
}

Result<Verification> verify_order(const ByteSource& file, const Policy& policy, Instant at) {
  const auto bytes = TRY(file.read(0, file.size(), envelope_size_max));
  const auto proof = TRY(trust::order(bytes, policy, at));
  auto facts = order_fields(proof->order);
  facts.push_back({"order", proof->digest.text()});
  return Verification{FileKind::order, proof.evidence().checks, std::move(facts)};
}

Result<Verification> verify_stop(const ByteSource& file, const Policy& policy, Instant at) {
  const auto bytes = TRY(file.read(0, file.size(), envelope_size_max));
  const auto proof = TRY(trust::stop(bytes, policy, at));
  return Verification{FileKind::stop, proof.evidence().checks, stop_fields(*proof)};
}

// A policy file bears no signature: it is genuine only where it is the very one that is trusted already.
Result<Verification> verify_policy(const ByteSource& file, const Policy& trusted) {
  const auto bytes = TRY(file.read(0, file.size(), policy_size_max));
  const auto policy = TRY(parse_policy(bytes));
  if (policy.digest != trusted.digest)
    return Error(Code::policy_mismatch, "policy", trusted.digest.text(), policy.digest.text());
  return Verification{
      FileKind::policy,
      {{"policy", "byte for byte the one to go by"}},
      {{"policy", policy.digest.text()}, {"name", policy.name}, {"version", std::to_string(policy.version)}}};
}

}  // namespace

Result<Verification> verify(const ByteSource& file, FileKind kind, const Policy& policy, Instant at,
                            Workers& workers) {
  switch (kind) {
    case FileKind::package:
      return verify_package(file, policy, at, workers);
    case FileKind::verdict:
      return verify_verdict(file, policy, at);
    case FileKind::order:
      return verify_order(file, policy, at);
    case FileKind::stop:
      return verify_stop(file, policy, at);
    case FileKind::policy:
      return verify_policy(file, policy);
    case FileKind::bundle:
      return verify_bundle(file, policy, at, workers);
    case FileKind::evidence:
      break;
  }
  return Error(Code::statement_type_mismatch, "file", "a package, a verdict, an order or a policy",
               "evidence");
}

}  // namespace sallyport::auditor
