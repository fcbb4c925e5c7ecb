// SPDX-License-Identifier: Apache-2.0
// Whether enough keys have signed. The only place where signatures of TUF metadata are counted: two identifiers of one
// key are one key, and so are two spellings of it.
#pragma once

#include <set>

#include "core/trust/tuf/metadata.h"

namespace sallyport::tuf {

// The distinct keys of the role whose signatures fit.
std::set<KeyId> signers(const SignedBytes& what, const Authority& who);

// tuf_signatures_missing.
Result<void> check_signatures(const SignedBytes& what, const Authority& who, std::string_view name);

}  // namespace sallyport::tuf
