// SPDX-License-Identifier: Apache-2.0
// From when until when something of the policy holds: a key, a role. Nothing given: always.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/base/time.h"

namespace sallyport {

enum class Term : std::uint8_t { running, not_begun, over, revoked };

struct Validity {
  std::optional<Instant> not_before;  // inclusive
  std::optional<Instant> not_after;   // inclusive
  std::optional<Instant> revoked_at;  // from this moment on, for good

  bool operator==(const Validity&) const = default;
};

Term term_at(const Validity& validity, Instant at);

// "from …, until …, revoked at …"; empty when it always holds.
std::string describe(const Validity& validity);

}  // namespace sallyport
