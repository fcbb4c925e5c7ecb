// SPDX-License-Identifier: Apache-2.0
// The statements about looking again at packages. What each does: port.h.
#pragma once

#include "adapters/db/port.h"
#include "adapters/db/session.h"

namespace sallyport::db {

Result<void> set_knowledge(Sessions& sessions, const std::string& id, std::uint64_t knowledge);
// The package's id.
Result<std::optional<std::string>> claim_rescan(Sessions& sessions, const std::string& holder,
                                                std::uint64_t knowledge, Instant now, Instant until);
Result<Changed> finish_rescan(Sessions& sessions, const RescanRecord& found, const std::string& holder,
                              std::uint64_t knowledge);
Result<std::optional<RescanRecord>> find_rescan(Sessions& sessions, const std::string& id);
Result<std::vector<HitRecord>> list_hits(Sessions& sessions, std::uint32_t count_max);

}  // namespace sallyport::db
