// SPDX-License-Identifier: Apache-2.0
// Security events with the fields of TS 33.117 §4.2.3.6.1, one line of JSON each: in a file that is only appended to,
// and in a table that no resource of the API changes.
#pragma once

#include <string>

#include "roles/server/world.h"

namespace sallyport::server {

constexpr const char* audit_file = "security.jsonl";  // of the audit folder
constexpr std::size_t audit_line_size_max = 64U << 10U;

Result<std::string> print_audit(const AuditRecord& record);
// A line of the file. json_malformed for what is none.
Result<AuditRecord> parse_audit(BytesView line);

// An event of the server itself, as of now: nobody asked for it.
AuditRecord own_event(const World& world, std::string_view action, std::string_view outcome,
                      std::string detail);

// Durable in both when it returns. Begins a line, whatever a full disk has left of the one before.
Result<void> record(World& world, const AuditRecord& event);
// Whether the disk has room for that: who asks before a change makes none that is not recorded.
bool can_record(World& world);
// Nobody writes into the line that a power cut, or a full disk, has left without an end.
Result<void> end_last_line(World& world);

}  // namespace sallyport::server
