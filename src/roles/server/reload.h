// SPDX-License-Identifier: Apache-2.0
// A configuration that is read anew while the server runs: its accounts take the place of those that count, all at
// once.
#pragma once

#include "roles/server/settings.h"
#include "roles/server/world.h"

namespace sallyport::server {

// `running`: what the server was started with. Refused as parse_settings() does, and then nothing changes. Either way
// it is recorded; what cannot be recorded does not happen.
Result<void> take_accounts(World& world, AccountBook& book, const Settings& running, BytesView json);

// The configuration cannot even be read: that they stay as they were, and why, is an event as well.
Result<void> record_untaken(World& world, const Error& why);

}  // namespace sallyport::server
