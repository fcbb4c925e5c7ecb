// SPDX-License-Identifier: Apache-2.0
// upload_from_uri: a package asks in UPLOADING for its content, and whichever server can fetches it. What the other
// side does wrong makes ERROR of it; a fault of our own is tried again, and so is what a server was at that died.
// docs/spec/server.md, *Fetching*.
#pragma once

#include "roles/server/process.h"

namespace sallyport::server {

// After a fault of our own, for instance a full disk: everything comes again from the beginning.
constexpr std::int64_t fetch_retry_seconds = 300;

// The oldest one that nobody is at.
Result<Worked> fetch_one(World& world, const std::string& holder, const Claimed& claimed,
                         const GoesOn& goes_on);

}  // namespace sallyport::server
