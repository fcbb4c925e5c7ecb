// SPDX-License-Identifier: Apache-2.0
#include "roles/server/audit.h"

#include <utility>

#include "core/base/text.h"
#include "core/format/fields.h"
#include "core/format/json.h"
#include "core/format/json_writer.h"

namespace sallyport::server {

Result<std::string> print_audit(const AuditRecord& record) {
  JsonWriter to;
  to.begin_object();
  if (record.number != 0) to.number("number", record.number);
  to.text("time", TRY(Instant::from_seconds(record.time)).print());
  to.text("account", record.account).text("source", record.source);
  to.text("action", record.action).text("object", printable(record.object)).text("outcome", record.outcome);
  if (!record.code.empty()) to.text("code", record.code);
  if (!record.detail.empty()) to.text("detail", printable(record.detail));
  return to.end_object().take();
}

Result<AuditRecord> parse_audit(BytesView line) {
  const auto document = TRY(JsonDocument::parse(line, audit_line_size_max, Code::json_malformed));
  auto from = TRY(document.object());
  AuditRecord record;
  if (from.has("number")) record.number = TRY(from.number("number", fields::number_max));
  record.time = TRY(fields::parsed<Instant>(from, "time")).seconds();
  for (const auto& [name, to] : {std::pair{"account", &record.account},
                                 {"source", &record.source},
                                 {"action", &record.action},
                                 {"object", &record.object},
                                 {"outcome", &record.outcome}})
    *to = TRY(from.text(name, audit_line_size_max));
  for (const auto& [name, to] : {std::pair{"code", &record.code}, {"detail", &record.detail}})
    if (from.has(name)) *to = TRY(from.text(name, audit_line_size_max));
  TRY(from.finish());
  return record;
}

AuditRecord own_event(const World& world, std::string_view action, std::string_view outcome,
                      std::string detail) {
  AuditRecord event;
  event.time = world.clock.now().seconds();
  event.source = "local";
  event.action = action;
  event.outcome = outcome;
  event.detail = std::move(detail);
  return event;
}

Result<void> end_last_line(World& world) {
  if (!TRY(world.audit.find(audit_file))) return {};
  const auto file = TRY(world.audit.open(audit_file));
  if (file->size() == 0) return {};
  const auto last = TRY(file->read(file->size() - 1, 1, 1));
  if (last.front() == '\n') return {};
  return world.audit.append(audit_file, as_bytes(std::string_view("\n")));
}

Result<void> record(World& world, const AuditRecord& event) {
  // A database of UTF-8 takes nothing else, and an address may be any bytes.
  auto plain = event;
  for (auto* const text : {&plain.action, &plain.object, &plain.detail}) *text = printable(*text);
  const auto line = TRY(print_audit(plain)) + "\n";
  // Where the disk was full, half a line may stand there: this one is not to be lost in it.
  TRY(end_last_line(world));
  TRY(world.audit.append(audit_file, as_bytes(line)));
  return world.db.add_audit(plain);
}

bool can_record(World& world) {
  const auto space = world.audit.space();
  return space.ok() && space.value().bytes_free >= audit_line_size_max;
}

}  // namespace sallyport::server
