// SPDX-License-Identifier: Apache-2.0
// What both kinds of databases have in common: connections, and where exceptions of the library end.
#pragma once

#include <soci/soci.h>
#include <sys/stat.h>

#include <functional>
#include <memory>
#include <string>

#include "core/base/result.h"

namespace sallyport {

enum class Dialect : std::uint8_t { sqlite, postgresql };

class Sessions {
 public:
  static Result<std::unique_ptr<Sessions>> open(const std::string& uri);

  Dialect dialect() const { return dialect_; }

  // What `work` makes of a connection; io_failed when the database does not do it. A connection that broke is made anew
  // for the next one.
  template <class Work>
  auto with(Work&& work) -> decltype(work(std::declval<soci::session&>())) {
    auto same = check_file();
    if (!same.ok()) return same.error();
    soci::session sql(pool_);
    try {
      return work(sql);
    } catch (const std::exception& error) {
      const Error said(Code::io_failed, "database", "an answer", error.what());
      renew(sql);
      return said;
    }
  }

 private:
  Sessions(Dialect dialect, std::size_t count) : dialect_(dialect), pool_(count) {}
  static void renew(soci::session& sql);
  // Of SQLite: what is written into a file that was moved away, or replaced, is lost at the next start.
  Result<void> check_file() const;
  Dialect dialect_;
  std::string file_;  // of SQLite; empty: it is none
  struct stat opened_ {};
  soci::connection_pool pool_;
};

// Brings the tables up to date.
Result<void> migrate(Sessions& sessions);

}  // namespace sallyport
