// SPDX-License-Identifier: Apache-2.0
#include "core/install/checkpoint.h"

#include <algorithm>

#include "core/format/fields.h"
#include "core/format/json_writer.h"

namespace sallyport::install {
namespace {

constexpr std::size_t products_max = 4096;
constexpr std::size_t logs_max = 64;
constexpr std::size_t lists_max = 4096;

Result<ListFloors> parse_lists(JsonObject& object) {
  ListFloors floors;
  if (!object.has("lists")) return floors;
  const auto lists = TRY(object.array("lists", lists_max));
  for (std::size_t i = 0; i < lists.size(); ++i) {
    auto list = TRY(lists.object(i));
    const auto series = TRY(fields::parsed<Sha256Digest>(list, "series"));
    const auto number = TRY(list.text("number", 40));
    TRY(list.finish());
    floors.emplace(series, TRY(ListNumber::parse(number, Code::node_state_damaged)));
  }
  return floors;
}

Result<Floors> parse_floors(JsonObject& object) {
  Floors floors;
  floors.sequence = TRY(object.number("sequence", fields::number_max));
  if (object.has("time")) floors.time = TRY(fields::parsed<Instant>(object, "time"));
  const auto counters = TRY(object.array("counters", products_max));
  for (std::size_t i = 0; i < counters.size(); ++i) {
    auto counter = TRY(counters.object(i));
    const auto product = TRY(fields::parsed<ProductId>(counter, "product"));
    const auto value = TRY(counter.number("counter", fields::number_max));
    TRY(counter.finish());
    floors.counters.emplace(product, value);
  }
  floors.lists = TRY(parse_lists(object));
  if (object.has("baseline")) floors.baseline = TRY(fields::positive(object, "baseline", fields::number_max));
  if (object.has("recall")) floors.recall = TRY(fields::positive(object, "recall", fields::number_max));
  if (!object.has("logs")) return floors;
  const auto logs = TRY(object.array("logs", logs_max));
  for (std::size_t i = 0; i < logs.size(); ++i) {
    auto log = TRY(logs.object(i));
    const auto origin = TRY(log.text("origin", 255));
    const auto size = TRY(log.number("size", fields::number_max));
    const auto root = TRY(fields::parsed<tlog::TreeHash>(log, "root"));
    TRY(log.finish());
    floors.logs.emplace(origin, tlog::Head{size, root});
  }
  return floors;
}

void print_lists(JsonWriter& json, const Floors& floors) {
  json.key("lists").begin_array();
  for (const auto& [series, number] : floors.lists)
    json.begin_object().text("series", series.text()).text("number", number.text()).end_object();
  json.end_array();
}

void print_logs(JsonWriter& json, const Floors& floors) {
  json.key("logs").begin_array();
  for (const auto& [origin, head] : floors.logs) {
    json.begin_object()
        .text("origin", origin)
        .number("size", head.size)
        .text("root", head.root.text())
        .end_object();
  }
  json.end_array();
}

// What a copy may add to the floors, once it fits the journal.
Result<void> fits(const Checkpoint& copy, const Journal& journal, const std::string& name) {
  if (copy.records == 0 || copy.records > journal.records.size()) {
    return Error(Code::node_state_damaged, name,
                 "a journal of at least " + std::to_string(copy.records) + " records",
                 std::to_string(journal.records.size()));
  }
  const auto& link = journal.links[static_cast<std::size_t>(copy.records - 1)];
  if (link == copy.link) return {};
  return Error(Code::node_state_damaged, name,
               "the checksum of line " + std::to_string(copy.records) + " of the journal", "another");
}

}  // namespace

Checkpoint checkpoint_of(const State& state, const Floors& floors) {
  return {state.records, state.link, higher(floors, floors_of(state))};
}

std::string print_checkpoint(const Checkpoint& checkpoint) {
  JsonWriter json;
  json.begin_object();
  json.number("records", checkpoint.records);
  json.text("check", checkpoint.link.text());
  json.number("sequence", checkpoint.floors.sequence);
  if (checkpoint.floors.time) json.text("time", checkpoint.floors.time->print());
  json.key("counters").begin_array();
  for (const auto& [product, counter] : checkpoint.floors.counters) {
    json.begin_object().text("product", product.text()).number("counter", counter).end_object();
  }
  json.end_array();
  if (!checkpoint.floors.logs.empty()) print_logs(json, checkpoint.floors);
  if (!checkpoint.floors.lists.empty()) print_lists(json, checkpoint.floors);
  if (checkpoint.floors.baseline != 0) json.number("baseline", checkpoint.floors.baseline);
  if (checkpoint.floors.recall != 0) json.number("recall", checkpoint.floors.recall);
  json.end_object();
  const std::string text = json.take();
  return text + "\n" + sha256(as_bytes(text)).text() + "\n";
}

Result<Checkpoint> parse_checkpoint(BytesView bytes) {
  const std::string_view text = as_text(bytes);
  const auto end = text.find('\n');
  const Error damaged(Code::node_state_damaged, "state copy", "one line and its checksum", {});
  if (bytes.size() > checkpoint_size_max || end == std::string_view::npos) return damaged;
  const std::string_view line = text.substr(0, end);
  if (text.substr(end + 1) != sha256(as_bytes(line)).text() + "\n") return damaged;
  const auto document =
      TRY(JsonDocument::parse(as_bytes(line), checkpoint_size_max, Code::node_state_damaged));
  auto object = TRY(document.object());
  const auto records = TRY(object.number("records", fields::number_max));
  const auto link = TRY(fields::parsed<Link>(object, "check"));
  const auto floors = TRY(parse_floors(object));
  TRY(object.finish());
  Checkpoint checkpoint{records, link, floors};
  if (print_checkpoint(checkpoint) != text) return damaged;
  return checkpoint;
}

std::string checkpoint_name(std::uint64_t records) {
  return records % 2 == 1 ? "state.a" : "state.b";
}

Result<Compared> compare(const Journal& journal, const State& state, const Result<Checkpoint>& a,
                         const Result<Checkpoint>& b) {
  if (!a.ok() && !b.ok()) return Error(a.error());
  Compared compared{floors_of(state), {}};
  std::uint64_t newest = 0;
  for (const auto& [name, copy] : {std::pair("state.a", &a), std::pair("state.b", &b)}) {
    if (!copy->ok()) {
      compared.findings.push_back(copy->error());
      continue;
    }
    TRY(fits(copy->value(), journal, name));
    compared.floors = higher(compared.floors, copy->value().floors);
    newest = std::max(newest, copy->value().records);
  }
  if (newest + 1 < state.records) {
    compared.findings.emplace_back(Code::node_state_damaged, "state.a, state.b",
                                   "copies of record " + std::to_string(state.records),
                                   "of record " + std::to_string(newest));
  }
  return compared;
}

}  // namespace sallyport::install
