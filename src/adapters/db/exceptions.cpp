// SPDX-License-Identifier: Apache-2.0
#include "adapters/db/exceptions.h"

#include <utility>

#include "adapters/db/rows.h"

namespace sallyport::db {
namespace {

using soci::into;
using soci::use;

template <class... Uses>
std::vector<ExceptionRecord> read(soci::session& sql, const std::string& where, Uses&&... uses) {
  ExceptionRecord exception;
  long long number = 0;
  long long until = 0;
  long long created = 0;
  auto prepared =
      (sql.prepare << "SELECT number, digest, until, account, envelope, created FROM exceptions" + where,
       into(number), into(exception.digest), into(until), into(exception.account), into(exception.envelope),
       into(created));
  soci::statement statement = (prepared, ..., use(uses));
  std::vector<ExceptionRecord> found;
  statement.execute();
  while (statement.fetch()) {
    exception.number = static_cast<std::uint64_t>(number);
    exception.until = until;
    exception.created = created;
    found.push_back(exception);
  }
  return found;
}

}  // namespace

Result<Changed> add_exception(Sessions& sessions, const ExceptionRecord& exception) {
  return sessions.with([&](soci::session& sql) -> Result<Changed> {
    long long until = exception.until;
    long long created = exception.created;
    return change(sql,
                  "INSERT INTO exceptions (digest, until, account, envelope, created) VALUES (:digest, "
                  ":until, :account, :envelope, :created) ON CONFLICT (digest) DO NOTHING",
                  exception.digest, until, exception.account, exception.envelope, created);
  });
}

Result<std::optional<ExceptionRecord>> find_exception(Sessions& sessions, const std::string& digest) {
  return sessions.with([&](soci::session& sql) -> Result<std::optional<ExceptionRecord>> {
    auto found = read(sql, " WHERE digest = :digest", digest);
    if (found.empty()) return std::optional<ExceptionRecord>();
    return std::optional(std::move(found.front()));
  });
}

Result<std::vector<ExceptionRecord>> list_exceptions(Sessions& sessions, std::uint64_t after,
                                                     std::uint32_t count_max) {
  return sessions.with([&](soci::session& sql) -> Result<std::vector<ExceptionRecord>> {
    long long number = whole(after);
    long long count = count_max;
    return read(sql, " WHERE number > :after ORDER BY number LIMIT :count", number, count);
  });
}

Result<std::vector<ExceptionRecord>> list_exceptions_since(Sessions& sessions, Instant ended,
                                                           std::uint64_t after, std::uint32_t count_max) {
  return sessions.with([&](soci::session& sql) -> Result<std::vector<ExceptionRecord>> {
    long long until = ended.seconds();
    long long number = whole(after);
    long long count = count_max;
    return read(sql, " WHERE until >= :ended AND number > :after ORDER BY number LIMIT :count", until, number,
                count);
  });
}

}  // namespace sallyport::db
