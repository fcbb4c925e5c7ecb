// SPDX-License-Identifier: Apache-2.0
// The stop order: an in-toto Statement v1 with predicateType `urn:sallyport:stop:v1`. docs/spec/statement.md. Whoever
// knows it never uses the order that it names, nor finishes it.
#pragma once

#include "core/base/id.h"
#include "core/base/time.h"
#include "core/format/describe.h"

namespace sallyport {

struct StopOrder {
  std::string package_name;  // a label for people
  Sha256Digest package;
  Sha256Digest order;  // identity of the order that is stopped
  PoolId pool;
  std::uint64_t sequence;
  PersonId person;  // who stops it
  Instant time;
  std::string reason;  // plain text, up to 1000 bytes
};

constexpr std::string_view stop_predicate_type = "urn:sallyport:stop:v1";

// Of the envelope's payload. statement_malformed, or statement_type_mismatch for another predicateType.
Result<StopOrder> parse_stop(BytesView payload);
std::string print_stop(const StopOrder& stop);

// Every field, for screens. Does not compile when the statement has one that it does not know.
std::vector<Field> stop_fields(const StopOrder& stop);

}  // namespace sallyport
