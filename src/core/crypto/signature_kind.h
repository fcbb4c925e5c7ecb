// SPDX-License-Identifier: Apache-2.0
// What an attacker has to break: a policy may ask for both (docs/spec/policy.md).
#pragma once

#include <cstdint>
#include <string_view>

#include "core/base/bytes.h"

namespace sallyport {

enum class SignatureKind : std::uint8_t { classical, post_quantum };
std::string_view name(SignatureKind kind);  // "classical", "post-quantum"

// Of what the key in a DER SubjectPublicKeyInfo signs: post-quantum is ML-DSA.
SignatureKind kind_of_spki(BytesView spki);

}  // namespace sallyport
