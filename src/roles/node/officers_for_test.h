// SPDX-License-Identifier: Apache-2.0
// A node whose policy has officers, and papers for it under any of its policies.
#pragma once

#include "roles/node/trust_changes.h"
#include "roles/node/world_for_test.h"

namespace sallyport::node {

// The officers are two of release.
inline testkit::PolicyParts officers_parts(std::uint64_t version) {
  auto parts = testkit::parts(testkit::acme().anchor_pem());
  parts.version = version;
  parts.officers = {{"release"}, 2};
  return parts;
}
inline std::string officers_policy(std::uint64_t version) {
  return testkit::print_policy(officers_parts(version));
}

inline Bytes signed_text(const std::string& policy, const std::vector<std::string>& keys) {
  return testkit::to_bytes(testkit::make_envelope(policy, keys, policy_payload_type));
}

// Papers for a package that rest on this policy, made at some other time.
inline Delivery papers(const testkit::PackageParts& parts, const Policy& policy, std::uint64_t sequence,
                       std::int64_t later = 0) {
  Delivery delivery{testkit::make_package(parts), {}, {}};
  InlineWorkers workers;
  const MemorySource source(delivery.package);
  const auto package = trust::package(source, policy, testkit::test_time(), workers).value();
  auto verdict = testkit::make_verdict(policy, *package);
  verdict.time = verdict.time.plus(later);
  verdict.engines[0].database_time = verdict.engines[0].database_time.plus(later);
  auto order = testkit::make_order(policy, verdict);
  order.sequence = sequence;
  order.from = order.from.plus(later);
  order.until = order.until.plus(later);
  delivery.verdict = testkit::sign_statement(print_verdict(verdict), {"intake-1"});
  delivery.order = testkit::sign_statement(print_order(order), {"alice-1", "bob-1", "carol-1"});
  return delivery;
}

template <class T>
std::string refusal(const Result<T>& result) {
  return result.ok() ? "" : std::string(name(result.error().code));
}

}  // namespace sallyport::node
