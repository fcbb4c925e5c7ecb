// SPDX-License-Identifier: Apache-2.0
// When algorithms end: the policy's member `algorithms`. What is too weak today the library's rules refuse; here the
// officers say until when something that is good today may be used, so that keys are renewed before it has to be.
#pragma once

#include <string>
#include <vector>

#include "core/crypto/certificate.h"
#include "core/format/json.h"

namespace sallyport {

struct Policy;

struct AlgorithmEnd {
  std::string algorithm;  // core/crypto/key_algorithm.h
  Instant not_after;      // inclusive
};

Result<std::vector<AlgorithmEnd>> read_algorithm_ends(JsonObject& top);

// algorithm_ended: a signature by a key of this algorithm counts for nothing at this time. `where`: whose key it is.
Result<void> check_algorithm_ends(const std::vector<AlgorithmEnd>& ends, const std::string& algorithm,
                                  const std::string& where, Instant at);
Result<void> check_algorithm_ends(const std::vector<AlgorithmEnd>& ends,
                                  const std::vector<Certificate>& chain, Instant at);

// Every key and anchor of the policy whose algorithm ends: "ECDSA P-256 until …: person bob, key 1a2b…".
std::vector<std::string> ending_uses(const Policy& policy);

}  // namespace sallyport
