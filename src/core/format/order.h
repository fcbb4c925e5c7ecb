// SPDX-License-Identifier: Apache-2.0
// The deployment order: an in-toto Statement v1 with predicateType `urn:sallyport:order:v1`, or
// `urn:sallyport:break-glass:v1` for emergencies.
// docs/spec/statement.md. Proposer and approvers all sign the same bytes, so that any change voids every
// approval.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/id.h"
#include "core/base/time.h"
#include "core/crypto/digest.h"
#include "core/format/statement.h"

namespace sallyport {

// A break-glass order has a predicateType of its own, so that nobody signs one for the other.
enum class OrderKind : std::uint8_t { ordinary, break_glass };
std::string_view word(OrderKind kind);  // "ordinary", "break-glass"

struct Order {
  std::string package_name;  // a label for people
  Sha256Digest package;      // of the whole .csar file
  Sha256Digest release;      // of tree.json
  ProductId product;
  std::string version;
  std::uint64_t counter;
  Sha256Digest verdict;  // of the verdict's payload
  Sha256Digest policy;   // of the policy file
  std::uint64_t policy_version;
  PoolId pool;
  std::vector<NodeId> nodes;  // sorted, at least one, each once
  std::uint64_t sequence;     // of the pool; a node uses only orders that number higher than the last
  Instant from;               // window, inclusive
  Instant until;              // exclusive, later than from
  PersonId proposer;
  std::string reason;  // plain text, up to 1000 bytes
  OrderKind kind = OrderKind::ordinary;
};

constexpr std::string_view order_predicate_type = "urn:sallyport:order:v1";
constexpr std::string_view break_glass_predicate_type = "urn:sallyport:break-glass:v1";

// A refusal (veto) is a signature over the same payload under this payload type, in the same envelope.
constexpr std::string_view refusal_payload_type = "application/vnd.sallyport.refusal+json";

// Of the envelope's payload. statement_malformed, or statement_type_mismatch for another predicateType.
Result<Order> parse_order(BytesView payload);
// Whoever prints a statement to sign it parses it first: what parse_order refuses must not be signed.
std::string print_order(const Order& order);

}  // namespace sallyport
