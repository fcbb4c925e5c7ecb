// SPDX-License-Identifier: Apache-2.0
// Telling those who subscribed. An event is written in the step that it is about; it is exchanged for one notification
// for each subscription that takes it, in one step again; and a notification is there until somebody got it, or it is a
// day old. So nothing is lost when a server dies, and it may come twice. docs/spec/server.md, *Notifications*.
#pragma once

#include "roles/server/process.h"

namespace sallyport::server {

constexpr std::uint32_t notifications_max = 1000;         // that wait for one subscription
constexpr std::int64_t notification_seconds_max = 86400;  // how long one is tried

// The oldest event.
Result<Worked> spread_one(World& world);
// The oldest notification of one subscription whose time has come. `holder`: this thread of this server.
Result<Worked> deliver_one(World& world, const std::string& holder);

// After so many failures in a row.
std::int64_t pause_after(std::uint64_t failures);

}  // namespace sallyport::server
