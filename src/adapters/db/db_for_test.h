// SPDX-License-Identifier: Apache-2.0
// An empty database of each kind for each test.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "adapters/db/sql.h"
#include "testkit/postgresql.h"

namespace sallyport {

inline Instant at(std::int64_t seconds) {
  return Instant::from_seconds(seconds).value();
}

// Where each test begins with an empty database.
class Place {
 public:
  virtual ~Place() = default;
  virtual std::string uri() const = 0;
};

class SqlitePlace final : public Place {
 public:
  SqlitePlace() : folder_((std::filesystem::temp_directory_path() / "sallyport-db-XXXXXX").string()) {
    CHECK(::mkdtemp(folder_.data()) != nullptr);
  }
  ~SqlitePlace() override { std::filesystem::remove_all(folder_); }
  std::string uri() const override { return "sqlite:" + folder_ + "/server.db"; }

 private:
  std::string folder_;
};

class PostgresqlPlace final : public Place {
 public:
  std::string uri() const override { return "postgresql:" + server_.settings(); }

 private:
  testkit::Postgresql server_;
};

// Of "sqlite" or "postgresql"; null where the latter is not here, or we are not root.
inline std::unique_ptr<Place> place_of(std::string_view kind) {
  if (kind == "sqlite") return std::make_unique<SqlitePlace>();
  if (testkit::Postgresql::is_here()) return std::make_unique<PostgresqlPlace>();
  return nullptr;
}

// A database of one kind, which other servers can open, too.
class DatabaseWorld {
 protected:
  // False where there is none of this kind.
  bool begin(std::string_view kind) {
    place_ = place_of(kind);
    if (place_ == nullptr) return false;
    db_ = open();
    return true;
  }
  std::unique_ptr<Database> open() const { return open_database(place_->uri()).value(); }

  std::unique_ptr<Place> place_;
  std::unique_ptr<Database> db_;
};

inline PackageRecord package(const std::string& id) {
  PackageRecord record;
  record.id = id;
  record.owner = "vendor's \"desk\"";
  record.created = 1000;
  return record;
}

}  // namespace sallyport
