// SPDX-License-Identifier: Apache-2.0
// What an officer is about to sign. It lies on a server that nobody trusts, and may have been exchanged since the
// officer before signed: it is signed only if it says nothing but what this very command would stage, and what is left
// to choose is told. Refused with staged_file_unexpected otherwise.
#pragma once

#include "core/trust/tuf/trusted_set.h"
#include "core/trust/tuf/write.h"
#include "roles/operator/repository.h"

namespace sallyport::operators {

bool names(const tuf::Authority& who, const PublicKey& key);

// Exactly these keys, in whatever order.
bool names_just(const tuf::Authority& who, const std::vector<PublicKey>& keys);

// Whether the root has these keepers.
bool kept_by(const tuf::Root& root, const Keepers& keepers);

// One set of officers with one threshold for root and targets, any one of the server's keys for snapshot and
// timestamp, and this version.
Result<StagedFile> look_at_root(const tuf::Root& root, std::uint64_t version, Instant now);

// The bytes of `draft`, of whatever time of expiry up to ten years from now; its deliveries are by the server's keys of
// the root.
Result<StagedFile> look_at_targets(BytesView file, tuf::TargetsDraft draft, const tuf::Root& root,
                                   Instant now);

}  // namespace sallyport::operators
