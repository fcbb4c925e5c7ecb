// SPDX-License-Identifier: Apache-2.0
// Where a Published is made. For publisher.cpp and debian_chain.cpp.
#pragma once

#include "core/trust/publisher.h"

namespace sallyport::trust {

struct PublisherProof {
  static Published of(NamedFile file, PublisherSigner signer) { return {std::move(file), std::move(signer)}; }
};

}  // namespace sallyport::trust
