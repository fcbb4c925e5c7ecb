// SPDX-License-Identifier: Apache-2.0
// The statements about exceptions for findings of intake. What each does: port.h.
#pragma once

#include "adapters/db/port.h"
#include "adapters/db/session.h"

namespace sallyport::db {

Result<Changed> add_exception(Sessions& sessions, const ExceptionRecord& exception);
Result<std::optional<ExceptionRecord>> find_exception(Sessions& sessions, const std::string& digest);
Result<std::vector<ExceptionRecord>> list_exceptions(Sessions& sessions, std::uint64_t after,
                                                     std::uint32_t count_max);
Result<std::vector<ExceptionRecord>> list_exceptions_since(Sessions& sessions, Instant ended,
                                                           std::uint64_t after, std::uint32_t count_max);

}  // namespace sallyport::db
