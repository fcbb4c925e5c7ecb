// SPDX-License-Identifier: Apache-2.0
// Which attestations of its build, and whether an SBOM, a source's packages have to bring. docs/spec/policy.md.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/crypto/key.h"

namespace sallyport {

struct AttestationRule {
  std::string predicate_type;              // a URI, e.g. https://slsa.dev/provenance/v1
  std::vector<PublicKey> keys;             // one of them has to have signed; never empty
  std::vector<std::string> builders = {};  // ids, of which the statement has to name one; empty: any
};

enum class SbomNeed : std::uint8_t { optional, required };

}  // namespace sallyport
