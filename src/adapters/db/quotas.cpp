// SPDX-License-Identifier: Apache-2.0
#include "adapters/db/quotas.h"

#include <algorithm>

#include "adapters/db/rows.h"

namespace sallyport::db {
namespace {

using soci::into;
using soci::use;

// Sums of whole numbers are of another type in PostgreSQL.
constexpr const char* all_bytes = "CAST(coalesce(sum(size + reserved), 0) AS BIGINT)";

std::uint64_t bytes_of_others(soci::session& sql, const PackageRecord& package) {
  long long bytes = 0;
  sql << std::string("SELECT ") + all_bytes + " FROM packages WHERE owner = :owner AND id <> :id",
      into(bytes), use(package.owner), use(package.id);
  return static_cast<std::uint64_t>(bytes);
}

}  // namespace

void lock_account(soci::session& sql, Dialect dialect, const std::string& account) {
  if (dialect == Dialect::sqlite) return;
  // The first number tells these locks from those of others. Two accounts of one hash wait for each other, and no more.
  sql << "SELECT pg_advisory_xact_lock(7249342, hashtext(:account))", use(account);
}

std::uint64_t count_packages(soci::session& sql, const std::string& owner) {
  long long count = 0;
  sql << "SELECT count(*) FROM packages WHERE owner = :owner", into(count), use(owner);
  return static_cast<std::uint64_t>(count);
}

Result<RoomGiven> reserve(Sessions& sessions, const PackageRecord& package, const RoomAsked& asked) {
  return sessions.with([&](soci::session& sql) -> Result<RoomGiven> {
    soci::transaction step(sql);
    lock_account(sql, sessions.dialect(), package.owner);
    const auto held =
        change(sql, "UPDATE packages SET reserved = reserved WHERE id = :id AND holder = :holder", package.id,
               package.holder);
    if (held == Changed::not_found) return RoomGiven{Reserving::not_held};
    const auto others = bytes_of_others(sql, package);
    const auto left = asked.of_all - std::min(asked.of_all, others);
    if (left < asked.least) return RoomGiven{Reserving::full, 0, others};
    const auto bytes = std::min(asked.most, left);
    const auto reserved = whole(bytes);
    change(sql, "UPDATE packages SET reserved = :reserved WHERE id = :id", reserved, package.id);
    step.commit();
    return RoomGiven{Reserving::done, bytes, others};
  });
}

Result<std::vector<UsageRecord>> usage(Sessions& sessions) {
  return sessions.with([&](soci::session& sql) -> Result<std::vector<UsageRecord>> {
    UsageRecord one;
    long long packages = 0;
    long long bytes = 0;
    soci::statement statement = (sql.prepare << std::string("SELECT owner, count(*), ") + all_bytes +
                                                    " FROM packages GROUP BY owner ORDER BY owner",
                                 into(one.account), into(packages), into(bytes));
    std::vector<UsageRecord> found;
    statement.execute();
    while (statement.fetch()) {
      one.packages = static_cast<std::uint64_t>(packages);
      one.bytes = static_cast<std::uint64_t>(bytes);
      found.push_back(one);
    }
    return found;
  });
}

}  // namespace sallyport::db
