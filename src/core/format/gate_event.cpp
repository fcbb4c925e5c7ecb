// SPDX-License-Identifier: Apache-2.0
#include "core/format/gate_event.h"

#include <utility>

#include "core/format/json.h"

namespace sallyport {
namespace {

constexpr std::uint64_t line_size_max = 1U << 20U;
constexpr std::size_t text_size_max = 4096;
constexpr std::size_t checks_max = 64;

bool is_of_gate(std::string_view line) {
  return line.find("\"activity\":\"gate-observe\"") != std::string_view::npos ||
         line.find("\"activity\":\"gate-deny\"") != std::string_view::npos;
}

Result<std::optional<TraceLine>> read_trace(JsonObject& top) {
  const auto checks = TRY(top.array("checks", checks_max));
  for (std::size_t i = 0; i < checks.size(); ++i) {
    auto check = TRY(checks.object(i));
    if (TRY(check.text("name", text_size_max)) != "trace") continue;
    return std::optional(TRY(parse_trace(TRY(check.text("finding", text_size_max)))));
  }
  return std::optional<TraceLine>();
}

}  // namespace

Result<std::optional<SeenProgram>> parse_seen_program(std::string_view line) {
  if (!is_of_gate(line)) return std::optional<SeenProgram>();
  const auto document = TRY(JsonDocument::parse(as_bytes(line), line_size_max, Code::json_malformed));
  auto top = TRY(document.object());
  const auto activity = TRY(top.text("activity", text_size_max));
  if (activity != "gate-observe" && activity != "gate-deny") return std::optional<SeenProgram>();
  const auto trace = TRY(read_trace(top));
  if (!trace || trace->question.place != Place::host || trace->verdict.reason != GateReason::unlisted)
    return std::optional<SeenProgram>();
  auto path = TRY(top.text("subject", text_size_max));
  return std::optional(SeenProgram{std::move(path), trace->question.size, trace->question.digest});
}

}  // namespace sallyport
