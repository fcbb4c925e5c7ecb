// SPDX-License-Identifier: Apache-2.0
#include "adapters/db/session.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string_view>
#include <system_error>

#include "adapters/db/migrations.h"

// How SOCI's back-ends are entered; their own headers would need those of SQLite and libpq as well.
extern "C" {
const soci::backend_factory* factory_sqlite3();
const soci::backend_factory* factory_postgresql();
}

namespace sallyport {
namespace {

constexpr std::size_t connections = 6;

std::string replaced(std::string text, std::string_view what, std::string_view by) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size()))
    text.replace(at, what.size(), by);
  return text;
}

void run_script(soci::session& sql, std::string_view script, Dialect dialect) {
  const std::string key = dialect == Dialect::sqlite ? "INTEGER PRIMARY KEY AUTOINCREMENT"
                                                     : "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY";
  std::string text = replaced(std::string(script), "$NUMBER", key);
  constexpr std::string_view end = ";\n";
  for (auto at = text.find(end); at != std::string::npos; at = text.find(end)) {
    sql << text.substr(0, at);
    text.erase(0, at + end.size());
  }
}

Result<void> apply(soci::session& sql, Dialect dialect) {
  sql << "CREATE TABLE IF NOT EXISTS schema_version (version BIGINT NOT NULL)";
  long long version = 0;
  sql << "SELECT coalesce(max(version), 0) FROM schema_version", soci::into(version);
  const auto steps = migrations();
  if (version > static_cast<long long>(steps.size()))
    return Error(Code::not_supported, "database", fmt::format("tables of version {} at most", steps.size()),
                 std::to_string(version));
  for (auto next = static_cast<std::size_t>(version); next < steps.size(); ++next) {
    run_script(sql, steps[next], dialect);
    const auto now = static_cast<long long>(next) + 1;
    sql << "INSERT INTO schema_version (version) VALUES (:version)", soci::use(now);
  }
  return {};
}

// The library makes a database that everybody may read; the files beside it get the mode of the database.
Result<void> make_private(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) return Error(Code::io_failed, path, "a database", std::generic_category().message(errno));
  struct stat status {};
  const bool ours = ::fstat(file, &status) == 0 && status.st_uid == ::geteuid();
  const bool done = !ours || ::fchmod(file, 0600) == 0;
  ::close(file);
  if (done) return {};
  return Error(Code::io_failed, path, "a database that its owner alone can read", "another mode that stays");
}

}  // namespace

Result<std::unique_ptr<Sessions>> Sessions::open(const std::string& uri) {
  constexpr std::string_view sqlite = "sqlite:";
  constexpr std::string_view postgresql = "postgresql:";
  const bool is_sqlite = uri.starts_with(sqlite) && uri.size() > sqlite.size();
  if (!is_sqlite && !uri.starts_with(postgresql))
    return Error(Code::usage_error, "database", "sqlite:PATH or postgresql:SETTINGS", uri);
  const auto settings = is_sqlite ? fmt::format("db=\"{}\" timeout=20", uri.substr(sqlite.size()))
                                  : uri.substr(postgresql.size());
  if (is_sqlite && settings.find('"', 4) + 12 != settings.size())
    return Error(Code::usage_error, "database", "a path without quotation marks", uri);
  auto sessions =
      std::unique_ptr<Sessions>(new Sessions(is_sqlite ? Dialect::sqlite : Dialect::postgresql, connections));
  if (is_sqlite) TRY(make_private(uri.substr(sqlite.size())));
  try {
    for (std::size_t i = 0; i < connections; ++i) {
      auto& session = sessions->pool_.at(i);
      session.open(is_sqlite ? *factory_sqlite3() : *factory_postgresql(), settings);
      if (is_sqlite) session << "PRAGMA journal_mode = WAL";
      if (is_sqlite) session << "PRAGMA synchronous = FULL";
    }
  } catch (const std::exception& error) {
    return Error(Code::io_failed, "database", "a connection", error.what());
  }
  return sessions;
}

void Sessions::renew(soci::session& sql) {
  try {
    if (!sql.is_connected()) sql.reconnect();
  } catch (const std::exception&) {
    return;  // the next one is told
  }
}

// One server migrates, the others wait for it and find it done.
Result<void> migrate(Sessions& sessions) {
  return sessions.with([&](soci::session& sql) -> Result<void> {
    const auto dialect = sessions.dialect();
    sql << (dialect == Dialect::sqlite ? "BEGIN IMMEDIATE" : "BEGIN");
    if (dialect == Dialect::postgresql) sql << "SELECT pg_advisory_xact_lock(7249341)";
    auto done = apply(sql, dialect);
    sql << (done.ok() ? "COMMIT" : "ROLLBACK");
    return done;
  });
}

}  // namespace sallyport
