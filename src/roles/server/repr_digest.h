// SPDX-License-Identifier: Apache-2.0
// The header Repr-Digest (RFC 9530 §3) of a PUT: what the client says that the whole, not the part of it that comes
// now, digests to. Algorithms other than sha-256 are passed over, as the standard has it.
#pragma once

#include <optional>
#include <string_view>

#include "core/crypto/digest.h"

namespace sallyport::server {

// Absent: none by SHA-256. An error: one that cannot be read, or two.
Result<std::optional<Sha256Digest>> parse_repr_digest(std::string_view header);

}  // namespace sallyport::server
