// SPDX-License-Identifier: Apache-2.0
// The database in SQLite (a file of this machine) or PostgreSQL (several servers on one), by the same statements.
// open() brings the tables up to date; a database of a newer server is refused (not_supported).
#pragma once

#include <memory>
#include <string>

#include "adapters/db/port.h"

namespace sallyport {

// "sqlite:PATH", or "postgresql:" and what libpq takes: "postgresql:host=/run/postgresql dbname=sallyport".
// Or an address of libpq, "postgresql://USER@HOST/sallyport". usage_error for anything else.
Result<std::unique_ptr<Database>> open_database(const std::string& uri);
// Whether it is one of these, without opening anything.
Result<void> check_database_uri(const std::string& uri);

}  // namespace sallyport
