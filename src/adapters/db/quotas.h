// SPDX-License-Identifier: Apache-2.0
// The statements about what an account has on the server. What each does: port.h.
#pragma once

#include "adapters/db/port.h"
#include "adapters/db/session.h"

namespace sallyport::db {

// For the rest of the transaction no other one looks at what the account has. SQLite needs nothing: there the first
// change of the transaction, which has to come before what is read, keeps all others out.
void lock_account(soci::session& sql, Dialect dialect, const std::string& account);

std::uint64_t count_packages(soci::session& sql, const std::string& owner);
Result<RoomGiven> reserve(Sessions& sessions, const PackageRecord& package, const RoomAsked& asked);
Result<std::vector<UsageRecord>> usage(Sessions& sessions);

}  // namespace sallyport::db
