// SPDX-License-Identifier: Apache-2.0
// What the statements of this folder have in common.
#pragma once

#include <soci/soci.h>

#include <string>

#include "adapters/db/port.h"

namespace sallyport {

inline long long whole(std::uint64_t number) {
  return static_cast<long long>(number);
}

// Whether exactly one row was changed.
template <class... Uses>
Changed change(soci::session& sql, const std::string& query, Uses&&... uses) {
  auto prepared = sql.prepare << query;
  soci::statement statement = (prepared, ..., soci::use(uses));
  statement.execute(true);
  return statement.get_affected_rows() == 1 ? Changed::done : Changed::not_found;
}

}  // namespace sallyport
