// SPDX-License-Identifier: Apache-2.0
// Names of the algorithms of keys, as PublicKey::algorithm() gives them: "Ed25519", "ECDSA P-256", "RSA 3072". An RSA
// key is covered by the name of every size that is not smaller.
#pragma once

#include <string>
#include <string_view>

#include "core/crypto/certificate.h"

namespace sallyport {

enum class AlgorithmName : std::uint8_t { known, unknown };
AlgorithmName algorithm_name(std::string_view name);

// Whether what is said about `name` holds for a key of this algorithm.
enum class Covered : std::uint8_t { yes, no };
Covered covered_by(std::string_view name, std::string_view algorithm);

// Of the certificate's own key; for kinds that our own statements do not take, the library's word for it.
std::string algorithm_of(const Certificate& certificate);

}  // namespace sallyport
