// SPDX-License-Identifier: Apache-2.0
// One artifact of a vendor's package (SOL004 option 1 or 2, of any tool), after all of the package was verified by the
// policy. docs/spec/wrap.md.
#pragma once

#include <functional>
#include <memory>

#include "core/base/sink.h"
#include "core/trust/examine.h"
#include "core/trust/publisher.h"

namespace sallyport::trust {

// Room for what is compressed in the package; called at most twice.
using ScratchOf = std::function<Result<std::unique_ptr<Scratch>>()>;

// The proof is about the bytes of `csar`, by the policy of this digest. The artifact is called by its path in the
// package.
//   usage_error               no member of this name
//   package_member_unlisted   a member that no signature covers
Result<Published> published_member(const NamedFile& csar, const Verified<ForeignPackage>& proof,
                                   const RelativePath& member, const Sha256Digest& policy,
                                   const ScratchOf& scratch);

}  // namespace sallyport::trust
