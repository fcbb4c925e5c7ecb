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
#include "adapters/db/sql.h"

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

// A machine that is gone, or a lock that nobody gives back, must not hold whoever asks for ever. What the administrator
// says behind it counts instead.
constexpr std::string_view patience =
    "connect_timeout=10 tcp_user_timeout=30000 keepalives_idle=20 keepalives_interval=5 keepalives_count=3 "
    "options='-c lock_timeout=20s' ";

std::string with_patience(const std::string& address) {
  return address + (address.find('?') == std::string::npos ? "?" : "&") +
         "connect_timeout=10&tcp_user_timeout=30000&keepalives_idle=20&keepalives_interval=5&keepalives_"
         "count=3";
}

struct NamedDatabase {
  Dialect dialect;
  std::string settings;  // as the library takes them
  std::string file;      // of SQLite
};

// In what cannot be read may be a password: it is repeated to nobody.
Result<NamedDatabase> read_uri(const std::string& uri) {
  constexpr std::string_view sqlite = "sqlite:";
  constexpr std::string_view postgresql = "postgresql:";
  if (uri.starts_with(postgresql)) {
    // libpq has addresses of this form, too.
    const bool is_address = uri.starts_with("postgresql://");
    return NamedDatabase{
        Dialect::postgresql,
        is_address ? with_patience(uri) : std::string(patience) + uri.substr(postgresql.size()),
        {}};
  }
  if (!uri.starts_with(sqlite) || uri.size() == sqlite.size())
    return Error(Code::usage_error, "database", "sqlite:PATH or postgresql:SETTINGS", "another form");
  auto file = uri.substr(sqlite.size());
  if (file.find('"') != std::string::npos)
    return Error(Code::usage_error, "database", "a path without quotation marks", uri);
  return NamedDatabase{Dialect::sqlite, fmt::format("db=\"{}\" timeout=20", file), file};
}

}  // namespace

Result<void> check_database_uri(const std::string& uri) {
  TRY(read_uri(uri));
  return {};
}

Result<std::unique_ptr<Sessions>> Sessions::open(const std::string& uri) {
  const auto named = TRY(read_uri(uri));
  const bool is_sqlite = named.dialect == Dialect::sqlite;
  const auto& settings = named.settings;
  auto sessions = std::unique_ptr<Sessions>(new Sessions(named.dialect, connections));
  if (is_sqlite) {
    TRY(make_private(named.file));
    sessions->file_ = named.file;
    if (::stat(named.file.c_str(), &sessions->opened_) != 0)
      return Error(Code::io_failed, named.file, "a database", std::generic_category().message(errno));
  }
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

Result<void> Sessions::check_file() const {
  if (file_.empty()) return {};
  struct stat now {};
  const bool is_same =
      ::stat(file_.c_str(), &now) == 0 && now.st_dev == opened_.st_dev && now.st_ino == opened_.st_ino;
  if (is_same) return {};
  return Error(Code::io_failed, "database", "the file that was opened", "another one, or none, in its place");
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
