// SPDX-License-Identifier: Apache-2.0
// The signatures of a package's manifest, taken apart and put together again; and the packages of
// tests/vectors/hybrid, which have two.
#pragma once

#include <string>

#include "core/base/bytes.h"

namespace sallyport::testkit {

// PEM, as it stands in the manifest; empty ones are not there.
struct Blocks {
  std::string octets;
  std::string first;
  std::string second;
};
Blocks blocks_of(BytesView package);
// The same package with these, right or wrong.
Bytes with_blocks(BytesView package, const std::string& first, const std::string& second);

Bytes hybrid_vector(const std::string& name);

}  // namespace sallyport::testkit
