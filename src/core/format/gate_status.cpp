// SPDX-License-Identifier: Apache-2.0
#include "core/format/gate_status.h"

#include <algorithm>
#include <array>
#include <limits>

#include "core/base/text.h"
#include "core/format/json.h"
#include "core/format/json_writer.h"

namespace sallyport {
namespace {

constexpr std::string_view schema = "sallyport-gate/1";
constexpr std::size_t generations_max = 16;
constexpr std::size_t services_max = 256;
constexpr std::size_t text_size_max = 300;
constexpr std::size_t file_size_max = 1024;  // what is no UTF-8 grows when it is written
constexpr std::uint64_t number_max = 1ULL << 53U;

// One for each reason, in their order.
Result<void> parse_refusals(JsonObject& counts, GateCounts& made) {
  const auto list = TRY(counts.array("refusals", gate_refusals.size()));
  if (list.size() != gate_refusals.size())
    return counts.malformed("refusals", std::to_string(gate_refusals.size()) + " reasons",
                            std::to_string(list.size()));
  for (std::size_t i = 0; i < gate_refusals.size(); ++i) {
    auto object = TRY(list.object(i));
    TRY(object.expect("reason", word(gate_refusals.at(i))));
    made.refusals.at(i).denied = TRY(object.number("denied", number_max));
    made.refusals.at(i).would_deny = TRY(object.number("would_deny", number_max));
    TRY(object.finish());
  }
  return {};
}

Result<GateCounts> parse_counts(JsonObject counts) {
  GateCounts made;
  made.answered = TRY(counts.number("answered", number_max));
  made.denied = TRY(counts.number("denied", number_max));
  made.would_deny = TRY(counts.number("would_deny", number_max));
  made.unrecorded = TRY(counts.number("unrecorded", number_max));
  made.overflows = TRY(counts.number("overflows", number_max));
  made.restarts = TRY(counts.number("restarts", number_max));
  made.late = TRY(counts.number("late", number_max));
  TRY(parse_refusals(counts, made));
  TRY(counts.finish());
  return made;
}

Result<GuardedService> parse_service(JsonObject object) {
  const auto name = TRY(object.text("service", text_size_max));
  auto service = TRY(ServiceId::parse(name));
  const auto group = TRY(object.number("group", number_max));
  TRY(object.finish());
  return GuardedService{std::move(service), group};
}

Result<std::vector<std::uint64_t>> parse_generations(JsonObject& top) {
  const auto list = TRY(top.array("generations", generations_max));
  std::vector<std::uint64_t> generations;
  for (std::size_t i = 0; i < list.size(); ++i) {
    auto object = TRY(list.object(i));
    generations.push_back(TRY(object.number("generation", number_max)));
    TRY(object.finish());
  }
  return generations;
}

Result<std::vector<std::string>> parse_wanted(JsonObject& top) {
  const auto list = TRY(top.array("wanted", gate_ways.size()));
  std::vector<std::string> ways;
  for (std::size_t i = 0; i < list.size(); ++i) ways.push_back(TRY(list.text(i, text_size_max)));
  return ways;
}

Result<std::vector<UnlistedCode>> parse_unlisted(JsonObject& top) {
  const auto list = TRY(top.array("unlisted", unlisted_shown_max));
  std::vector<UnlistedCode> unlisted;
  for (std::size_t i = 0; i < list.size(); ++i) {
    auto object = TRY(list.object(i));
    UnlistedCode one{
        static_cast<int>(TRY(object.number("process", std::numeric_limits<int>::max()))), {}, {}};
    one.service = TRY(object.text("service", text_size_max));
    one.file = TRY(object.text("file", file_size_max));
    TRY(object.finish());
    unlisted.push_back(std::move(one));
  }
  return unlisted;
}

void write_unlisted(JsonWriter& json, const GateStatus& status) {
  json.key("unlisted").begin_array();
  for (const auto& [process, service, file] : status.unlisted) {
    json.begin_object().number("process", static_cast<std::uint64_t>(process));
    json.text("service", service).text("file", file).end_object();
  }
  json.end_array().number("unlisted_count", status.unlisted_count);
}

constexpr std::array<std::string_view, 3> host_states{"off", "observe", "enforce"};
constexpr std::size_t unwatched_max = 64;

Result<HostGuard> parse_host(JsonObject object) {
  HostGuard host{};
  const auto state = TRY(object.text("state", text_size_max));
  const auto* const found = std::find(host_states.begin(), host_states.end(), state);
  if (found == host_states.end()) return object.malformed("state", "off, observe or enforce", state);
  host.state = static_cast<HostGuardState>(found - host_states.begin());
  host.baseline = TRY(object.number("baseline", number_max));
  host.files = TRY(object.number("files", number_max));
  const auto list = TRY(object.array("unwatched", unwatched_max));
  for (std::size_t i = 0; i < list.size(); ++i) host.unwatched.push_back(TRY(list.text(i, text_size_max)));
  host.alarm = TRY(object.text("alarm", text_size_max));
  host.found = TRY(object.text("found", text_size_max));
  TRY(object.finish());
  return host;
}

// Names of files and mounts are anybody's: cut to what is read again.
std::string shown(const std::string& text) {
  constexpr std::size_t cut = text_size_max - 20;  // a letter that is cut apart becomes longer
  auto plain = printable(text);
  if (plain.size() <= cut) return plain;
  plain.resize(cut);
  return printable(plain);
}

void write_host(JsonWriter& json, const HostGuard& host) {
  json.key("host").begin_object().text("state", word(host.state)).number("baseline", host.baseline);
  json.number("files", host.files).key("unwatched").begin_array();
  for (std::size_t i = 0; i < host.unwatched.size() && i < unwatched_max; ++i)
    json.text(shown(host.unwatched[i]));
  json.end_array().text("alarm", host.alarm).text("found", shown(host.found)).end_object();
}

}  // namespace

std::string_view word(HostGuardState state) {
  return host_states.at(static_cast<std::size_t>(state));
}

std::string_view word(ModeFrom from) {
  return from == ModeFrom::policy ? "policy" : "node";
}

std::string print_gate_status(const GateStatus& status) {
  JsonWriter json;
  json.begin_object().text("schema", schema);
  json.number("custodian", static_cast<std::uint64_t>(status.custodian));
  json.text("mode", word(status.mode)).text("mode_from", word(status.mode_from));
  json.number("policy_version", status.policy_version).number("records", status.records);
  json.key("generations").begin_array();
  for (const auto number : status.generations) json.begin_object().number("generation", number).end_object();
  json.end_array();
  json.number("files", status.files);
  json.key("services").begin_array();
  for (const auto& [service, group] : status.services) {
    json.begin_object().text("service", service.text()).number("group", group).end_object();
  }
  json.end_array();
  const auto& counts = status.counts;
  json.key("counts").begin_object();
  json.number("answered", counts.answered).number("denied", counts.denied);
  json.number("would_deny", counts.would_deny).number("unrecorded", counts.unrecorded);
  json.number("overflows", counts.overflows).number("restarts", counts.restarts);
  json.number("late", counts.late).key("refusals").begin_array();
  for (std::size_t i = 0; i < gate_refusals.size(); ++i) {
    json.begin_object().text("reason", word(gate_refusals.at(i)));
    json.number("denied", counts.refusals.at(i).denied);
    json.number("would_deny", counts.refusals.at(i).would_deny).end_object();
  }
  json.end_array().end_object();
  json.key("wanted").begin_array();
  for (const auto& way : status.wanted) json.text(way);
  json.end_array();
  write_holes(json, "holes", status.holes);
  write_unlisted(json, status);
  if (status.host) write_host(json, *status.host);
  json.end_object();
  return json.take() + "\n";
}

Result<GateStatus> parse_gate_status(BytesView bytes) {
  const auto document = TRY(JsonDocument::parse(bytes, gate_status_size_max, Code::json_malformed));
  auto top = TRY(document.object());
  TRY(top.expect("schema", schema));
  GateStatus status{};
  status.custodian = static_cast<int>(TRY(top.number("custodian", std::numeric_limits<int>::max())));
  const auto mode = TRY(top.text("mode", text_size_max));
  const auto parsed = parse_gate_mode(mode);
  if (!parsed.ok()) return top.malformed("mode", "observe or enforce", mode);
  status.mode = parsed.value();
  const auto from = TRY(top.text("mode_from", text_size_max));
  status.mode_from = from == word(ModeFrom::policy) ? ModeFrom::policy : ModeFrom::node;
  if (from != word(status.mode_from)) return top.malformed("mode_from", "node or policy", from);
  status.policy_version = TRY(top.number("policy_version", number_max));
  status.records = TRY(top.number("records", number_max));
  status.generations = TRY(parse_generations(top));
  status.files = TRY(top.number("files", number_max));
  const auto services = TRY(top.array("services", services_max));
  for (std::size_t i = 0; i < services.size(); ++i) {
    auto object = TRY(services.object(i));
    status.services.push_back(TRY(parse_service(std::move(object))));
  }
  auto counts = TRY(top.object("counts"));
  status.counts = TRY(parse_counts(std::move(counts)));
  status.wanted = TRY(parse_wanted(top));
  status.holes = TRY(read_holes(top, "holes"));
  // A gate of before this was told is read as well.
  if (top.has("unlisted")) {
    status.unlisted = TRY(parse_unlisted(top));
    status.unlisted_count = TRY(top.number("unlisted_count", number_max));
  }
  if (top.has("host")) status.host = TRY(parse_host(TRY(top.object("host"))));
  TRY(top.finish());
  return status;
}

}  // namespace sallyport
