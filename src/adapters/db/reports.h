// SPDX-License-Identifier: Apache-2.0
// The statements about signatures, reports of nodes, recalls, and what is told once. What each does: port.h.
#pragma once

#include "adapters/db/port.h"
#include "adapters/db/session.h"

namespace sallyport::db {

Result<Changed> add_signature(Sessions& sessions, const SignatureRecord& signature);
Result<std::vector<SignatureRecord>> list_signatures(Sessions& sessions, const std::string& order);

Result<Changed> put_report(Sessions& sessions, const ReportRecord& report);
Result<std::optional<ReportRecord>> find_report(Sessions& sessions, const std::string& node);
Result<std::vector<ReportRecord>> list_reports(Sessions& sessions, const std::string& after,
                                               std::uint32_t count_max);
Result<std::uint64_t> remove_reports(Sessions& sessions, Instant before);

Result<Changed> add_recall(Sessions& sessions, const RecallRecord& recall);
Result<std::optional<RecallRecord>> find_recall(Sessions& sessions, const std::string& digest);
Result<std::vector<RecallRecord>> list_recalls(Sessions& sessions, std::uint64_t after,
                                               std::uint32_t count_max);

Result<Changed> tell_once(Sessions& sessions, const std::string& what, Instant now);
Result<void> add_audit(Sessions& sessions, const AuditRecord& record);
Result<std::vector<AuditRecord>> list_audit(Sessions& sessions, std::uint64_t after, std::uint32_t count_max);
Result<std::uint64_t> remove_audit(Sessions& sessions, Instant before);

}  // namespace sallyport::db
