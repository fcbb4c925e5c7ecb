// SPDX-License-Identifier: Apache-2.0
#include "core/format/run_record.h"

#include <limits>

#include "core/format/json.h"
#include "core/format/json_writer.h"
#include "core/format/service_ways.h"

namespace sallyport {
namespace {

constexpr std::string_view schema = "sallyport-run/1";
constexpr std::size_t coverage_max = 64;
constexpr std::size_t text_size_max = 300;
constexpr std::uint64_t number_max = 1ULL << 53U;

std::string_view name(Force force) {
  return force == Force::in_force ? "in-force" : "not-available";
}

Result<Coverage> parse_coverage(JsonObject object) {
  auto facility = TRY(object.text("facility", text_size_max));
  const auto state = TRY(object.text("state", text_size_max));
  auto detail = TRY(object.text("detail", text_size_max));
  TRY(object.finish());
  for (const auto force : {Force::in_force, Force::not_available}) {
    if (state == name(force)) return Coverage{std::move(facility), force, std::move(detail)};
  }
  return object.malformed("state", "in-force or not-available", state);
}

}  // namespace

std::string print_run_record(const RunRecord& record) {
  JsonWriter json;
  json.begin_object();
  json.text("schema", schema);
  json.text("service", record.service.text());
  json.number("generation", record.generation);
  json.number("pid", static_cast<std::uint64_t>(record.process.pid));
  json.number("start_ticks", record.process.start_ticks);
  json.key("coverage").begin_array();
  for (const auto& coverage : record.coverage) {
    json.begin_object();
    json.text("facility", coverage.facility);
    json.text("state", name(coverage.force));
    json.text("detail", coverage.detail);
    json.end_object();
  }
  json.end_array();
  if (!record.closed.empty()) {
    json.key("closed").begin_array();
    for (const auto& way : record.closed) json.text(way);
    json.end_array();
  }
  json.end_object();
  return json.take() + "\n";
}

Result<RunRecord> parse_run_record(BytesView json) {
  const auto document = TRY(JsonDocument::parse(json, run_record_size_max, Code::json_malformed));
  auto top = TRY(document.object());
  TRY(top.expect("schema", schema));
  const auto service = TRY(top.text("service", text_size_max));
  RunRecord record{TRY(ServiceId::parse(service)), 0, {}, {}};
  record.generation = TRY(top.number("generation", number_max));
  record.process.pid = static_cast<int>(TRY(top.number("pid", std::numeric_limits<int>::max())));
  record.process.start_ticks = TRY(top.number("start_ticks", number_max));
  if (record.process.pid == 0) return top.malformed("pid", "1 or more", "0");
  const auto coverage = TRY(top.array("coverage", coverage_max));
  for (std::size_t i = 0; i < coverage.size(); ++i) {
    auto object = TRY(coverage.object(i));
    record.coverage.push_back(TRY(parse_coverage(std::move(object))));
  }
  if (top.has("closed")) {
    const auto closed = TRY(top.array("closed", service_ways.size()));
    for (std::size_t i = 0; i < closed.size(); ++i)
      record.closed.push_back(TRY(closed.text(i, text_size_max)));
  }
  TRY(top.finish());
  return record;
}

}  // namespace sallyport
