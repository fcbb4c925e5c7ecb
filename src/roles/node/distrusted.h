// SPDX-License-Identifier: Apache-2.0
// What the node runs, or keeps to return to, although the policy in force would not let it in any more: nothing stops
// it, but nobody should have to search for it. docs/spec/policy.md, *Keys that somebody else has*.
#pragma once

#include <vector>

#include "roles/node/books.h"

namespace sallyport::node {

// For each generation that has its files:
//   the vendor's signature is not one of an authorised source any more     signer_unknown, signer_not_for_product, …
//   somebody who signed its order is revoked by now, or the key is         signer_revoked
Result<std::vector<Error>> distrusted(Disk& disk, const Books& books, Instant now);

}  // namespace sallyport::node
