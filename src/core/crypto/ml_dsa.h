// SPDX-License-Identifier: Apache-2.0
// ML-DSA (FIPS 204): what is known of it without a library that can do it. OpenSSL has it from 3.5 on; where it does
// not, keys, certificates and signatures are still told apart, and whoever has to check one is told that it cannot
// be found out here (algorithm_unavailable).
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "core/base/bytes.h"
#include "core/base/result.h"

namespace sallyport {

struct MlDsa {
  std::size_t index;           // in ml_dsa
  std::string_view name;       // "ML-DSA-65", also OpenSSL's
  std::string_view oid;        // content of its object identifier, as hexadecimal (RFC 9881)
  std::string_view prefix;     // of the SubjectPublicKeyInfo before the key itself, as hexadecimal
  std::size_t spki_size;       // of the whole
  std::size_t signature_size;  // every signature has it
};

inline constexpr std::array<MlDsa, 3> ml_dsa{{
    {0, "ML-DSA-44", "608648016503040311", "30820532300b06096086480165030403110382052100", 1334, 2420},
    {1, "ML-DSA-65", "608648016503040312", "308207b2300b0609608648016503040312038207a100", 1974, 3309},
    {2, "ML-DSA-87", "608648016503040313", "30820a32300b060960864801650304031303820a2100", 2614, 4627},
}};

const MlDsa* ml_dsa_of_oid(std::string_view oid);  // null: none of them
const MlDsa* ml_dsa_of_spki(BytesView spki);       // null: a key of another kind

// algorithm_unavailable unless the library has it.
Result<void> check_available(const MlDsa& algorithm);

}  // namespace sallyport
