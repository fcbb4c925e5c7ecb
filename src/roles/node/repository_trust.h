// SPDX-License-Identifier: Apache-2.0
// What the node's journal says of the operator's repository, beside the files that are kept of it. Those can be lost or
// exchanged; what is written here is found missing then, and never begun anew in silence: trust_file_damaged.
//
// A root is in the journal before it is kept. So the kept one is the last or, after a sync that was cut short, the
// one before it.
#pragma once

#include "core/trust/tuf/trusted_set.h"
#include "roles/node/books.h"
#include "roles/node/ports.h"

namespace sallyport::node {

constexpr const char* repository_folder = "repository";
constexpr const char* metadata_folder = "repository/metadata";
constexpr const char* repository_lock = "repository/lock";  // of whoever writes below this folder

// Pins `first_root`, or sees that the kept root is the one that is pinned, and that what was seen under it is still
// there. Looks at everything before it makes anything. file_missing when no root is pinned and none is given;
// file_exists when one is kept and another is given; trust_file_damaged. A root that is given where the kept files are
// gone has to be the one of the journal.
Result<void> settle_root(const Ports& ports, Books& books, const Bytes& first_root);

Result<void> remember_root(const Ports& ports, Books& books, const tuf::RootChain& chain, BytesView root);
// tuf_rollback when a later one was seen.
Result<void> remember_snapshot(const Ports& ports, Books& books, std::uint64_t version);

// For fsck.
Result<std::vector<Error>> repository_findings(Disk& disk, const install::State& state);

}  // namespace sallyport::node
