// SPDX-License-Identifier: Apache-2.0
#include "core/install/journal.h"

#include <algorithm>

#include "core/base/overloaded.h"
#include "core/base/text.h"
#include "core/format/fields.h"
#include "core/format/json_writer.h"

namespace sallyport::install {
namespace {

constexpr std::string_view check_member = ",\"check\":\"";
constexpr std::size_t check_tail_size = check_member.size() + Link::size * 2 + 2;  // … hex, quote, brace

Link link_of(const Link& before, std::string_view text) {
  Hasher hasher(Sha2::sha256);
  hasher.update(before.bytes());
  hasher.update(as_bytes(text));
  std::array<std::uint8_t, Link::size> bytes{};
  std::ranges::copy(hasher.finish_sha256().bytes(), bytes.begin());
  return Link(bytes);
}

void print_origin(JsonWriter& json, const Origin& origin) {
  json.text("order", origin.order.text());
  json.number("sequence", origin.sequence);
  json.text("verdict", origin.verdict.text());
  json.text("package", origin.package.text());
  json.text("release", origin.release.text());
  json.text("product", origin.product.text());
  json.text("version", origin.version);
  json.number("counter", origin.counter);
  if (!origin.log) return;
  json.text("log", origin.log->origin);
  json.number("log_size", origin.log->head.size);
  json.text("log_root", origin.log->head.root.text());
}

void print_fields(JsonWriter& json, const Happening& what) {
  const auto generation = [&](const auto& r) { json.number("generation", r.generation); };
  std::visit(Overloaded{
                 [&](const Initialised& r) {
                   json.text("node", r.node.text());
                   json.text("pool", r.pool.text());
                   json.text("policy", r.policy.text());
                   json.text("key", r.key.text());
                 },
                 [&](const Begun& r) {
                   generation(r);
                   print_origin(json, r.origin);
                 },
                 [&](const Activating& r) {
                   generation(r);
                   json.number("from", r.from);
                 },
                 [&](const Fallback& r) {
                   generation(r);
                   json.text("code", name(r.code));
                 },
                 [&](const Failed& r) {
                   generation(r);
                   json.text("code", name(r.code));
                 },
                 [&](const Held& r) { json.text("service", r.service.text()); },
                 [&](const Released& r) { json.text("service", r.service.text()); },
                 [&](const PolicyChanged& r) {
                   json.number("version", r.version);
                   json.text("policy", r.policy.text());
                 },
                 [&](const OrderStopped& r) { json.text("order", r.order.text()); },
                 [&](const TimeSeen& r) { json.text("time", r.time.print()); },
                 [&](const ListSeen& r) {
                   json.text("series", r.series.text());
                   json.text("list", r.number.text());
                 },
                 [&](const BreakGlass& r) {
                   json.text("order", r.order.text());
                   json.text("reason", r.reason);
                 },
                 [&](const RootTrusted& r) {
                   json.number("version", r.version);
                   json.text("root", r.root.text());
                   json.text("versions", r.versions == RootTrusted::Versions::go_on ? "go-on" : "begin-anew");
                 },
                 [&](const RepositorySeen& r) { json.number("snapshot", r.snapshot); },
                 [&](const BaselineTaken& r) {
                   json.number("baseline", r.number);
                   json.text("digest", r.baseline.text());
                 },
                 [&](const RecallTaken& r) {
                   json.number("recall", r.sequence);
                   json.text("digest", r.recall.text());
                 },
                 [&](const auto& r) { generation(r); },
             },
             what);
}

Result<LogSeen> parse_log_seen(JsonObject& object) {
  const auto origin = TRY(object.text("log", 255));
  const auto size = TRY(object.number("log_size", fields::number_max));
  const auto root = TRY(fields::parsed<tlog::TreeHash>(object, "log_root"));
  return LogSeen{origin, {size, root}};
}

Result<Origin> parse_origin(JsonObject& object) {
  const auto order = TRY(fields::parsed<Sha256Digest>(object, "order"));
  const auto sequence = TRY(object.number("sequence", fields::number_max));
  const auto verdict = TRY(fields::parsed<Sha256Digest>(object, "verdict"));
  const auto package = TRY(fields::parsed<Sha256Digest>(object, "package"));
  const auto release = TRY(fields::parsed<Sha256Digest>(object, "release"));
  const auto product = TRY(fields::parsed<ProductId>(object, "product"));
  const auto version = TRY(object.text("version", 200));
  const auto counter = TRY(object.number("counter", fields::number_max));
  Origin origin{order, sequence, verdict, package, release, product, version, counter};
  if (object.has("log")) origin.log = TRY(parse_log_seen(object));
  return origin;
}

Result<GenerationNumber> parse_generation(JsonObject& object) {
  return fields::positive(object, "generation", fields::number_max);
}

Result<Code> parse_code(JsonObject& object) {
  const auto text = TRY(object.text("code", 100));
  const auto code = find_code(text);
  if (!code) return object.malformed("code", "a code of the registry", text);
  return *code;
}

Result<Happening> parse_begun(JsonObject& object, GenerationNumber generation) {
  auto origin = TRY(parse_origin(object));
  return Happening(Begun{generation, std::move(origin)});
}

Result<Happening> parse_initialised(JsonObject& object) {
  const auto node = TRY(fields::parsed<NodeId>(object, "node"));
  const auto pool = TRY(fields::parsed<PoolId>(object, "pool"));
  const auto policy = TRY(fields::parsed<Sha256Digest>(object, "policy"));
  const auto key = TRY(fields::parsed<KeyId>(object, "key"));
  return Happening(Initialised{node, pool, policy, key});
}

Result<Happening> parse_policy_changed(JsonObject& object) {
  const auto version = TRY(fields::positive(object, "version", fields::number_max));
  const auto policy = TRY(fields::parsed<Sha256Digest>(object, "policy"));
  return Happening(PolicyChanged{version, policy});
}

Result<Happening> parse_break_glass(JsonObject& object) {
  const auto order = TRY(fields::parsed<Sha256Digest>(object, "order"));
  auto reason = TRY(object.text("reason", 1000));
  return Happening(BreakGlass{order, std::move(reason)});
}

Result<Happening> parse_list_seen(JsonObject& object) {
  const auto series = TRY(fields::parsed<Sha256Digest>(object, "series"));
  const auto text = TRY(object.text("list", 40));
  const auto number = TRY(ListNumber::parse(text, Code::node_state_damaged));
  return Happening(ListSeen{series, number});
}

Result<Happening> parse_root_trusted(JsonObject& object) {
  const auto version = TRY(fields::positive(object, "version", fields::number_max));
  const auto root = TRY(fields::parsed<Sha256Digest>(object, "root"));
  const auto versions = TRY(object.text("versions", 20));
  if (versions != "go-on" && versions != "begin-anew")
    return object.malformed("versions", "go-on or begin-anew", versions);
  using Versions = RootTrusted::Versions;
  return Happening(RootTrusted{version, root, versions == "go-on" ? Versions::go_on : Versions::begin_anew});
}

Result<Happening> parse_baseline_taken(JsonObject& object) {
  const auto number = TRY(fields::positive(object, "baseline", fields::number_max));
  const auto digest = TRY(fields::parsed<Sha256Digest>(object, "digest"));
  return Happening(BaselineTaken{number, digest});
}

Result<Happening> parse_recall_taken(JsonObject& object) {
  const auto sequence = TRY(fields::positive(object, "recall", fields::number_max));
  const auto digest = TRY(fields::parsed<Sha256Digest>(object, "digest"));
  return Happening(RecallTaken{sequence, digest});
}

// Of the node itself, not of a generation; nothing when the event is none of these.
Result<std::optional<Happening>> parse_of_node(JsonObject& object, std::string_view event) {
  using Found = std::optional<Happening>;
  if (event == "initialised") return Found(TRY(parse_initialised(object)));
  if (event == "held") return Found(Held{TRY(fields::parsed<ServiceId>(object, "service"))});
  if (event == "released") return Found(Released{TRY(fields::parsed<ServiceId>(object, "service"))});
  if (event == "policy-changed") return Found(TRY(parse_policy_changed(object)));
  if (event == "order-stopped")
    return Found(OrderStopped{TRY(fields::parsed<Sha256Digest>(object, "order"))});
  if (event == "time-seen") return Found(TimeSeen{TRY(fields::parsed<Instant>(object, "time"))});
  if (event == "root-trusted") return Found(TRY(parse_root_trusted(object)));
  if (event == "repository-seen")
    return Found(RepositorySeen{TRY(fields::positive(object, "snapshot", fields::number_max))});
  if (event == "break-glass") return Found(TRY(parse_break_glass(object)));
  if (event == "baseline-taken") return Found(TRY(parse_baseline_taken(object)));
  if (event == "recall-taken") return Found(TRY(parse_recall_taken(object)));
  if (event == "list-seen") return Found(TRY(parse_list_seen(object)));
  return Found();
}

Result<Happening> parse_happening(JsonObject& object, std::string_view event) {
  if (auto found = TRY(parse_of_node(object, event))) return std::move(*found);
  const auto generation = TRY(parse_generation(object));
  if (event == "begun") return parse_begun(object, generation);
  if (event == "installed") return Happening(Installed{generation});
  if (event == "activating") {
    const auto from = TRY(object.number("from", fields::number_max));
    return Happening(Activating{generation, from});
  }
  if (event == "activated") return Happening(Activated{generation});
  if (event == "confirmed") return Happening(Confirmed{generation});
  if (event == "interrupted") return Happening(Interrupted{generation});
  if (event == "collecting") return Happening(Collecting{generation});
  if (event == "collected") return Happening(Collected{generation});
  if (event == "fallback" || event == "failed") {
    const auto code = TRY(parse_code(object));
    if (event == "failed") return Happening(Failed{generation, code});
    return Happening(Fallback{generation, code});
  }
  return object.malformed("event", "an event of the journal", std::string(event));
}

Result<Record> parse_record(std::string_view line) {
  const auto document = TRY(JsonDocument::parse(as_bytes(line), line_size_max, Code::node_state_damaged));
  auto object = TRY(document.object());
  TRY(object.number("number", fields::number_max));  // compared as bytes, below
  const auto at = TRY(fields::parsed<Instant>(object, "at"));
  const auto event = TRY(object.text("event", 40));
  const auto what = TRY(parse_happening(object, event));
  TRY(object.text("check", Link::size * 2));
  TRY(object.finish());
  return Record{at, what};
}

// The checksum comes first: what it does not cover is not looked at.
Result<void> add_line(Journal& journal, std::string_view line) {
  const std::string where = "journal, line " + std::to_string(journal.records.size() + 1);
  if (line.size() > line_size_max || line.size() <= check_tail_size) {
    return Error(Code::node_state_damaged, where, "a record", printable(line.substr(0, 80)));
  }
  const Link before = journal.head();
  const Link link = link_of(before, line.substr(0, line.size() - check_tail_size));
  const std::string tail = std::string(check_member) + link.text() + "\"}";
  if (!line.ends_with(tail)) {
    return Error(Code::node_state_damaged, where, "the checksum " + link.brief() + "…", "another");
  }
  auto record = parse_record(line);
  if (!record.ok()) return std::move(record).within(where).take_error();
  const auto again = print_record(record.value(), journal.records.size() + 1, before);
  if (std::string_view(again.text).substr(0, again.text.size() - 1) != line) {
    return Error(Code::node_state_damaged, where, "the one spelling of a record", "another");
  }
  journal.records.push_back(std::move(record).value());
  journal.links.push_back(link);
  return {};
}

}  // namespace

std::string_view word(const Happening& what) {
  constexpr std::array<std::string_view, std::variant_size_v<Happening>> words{
      "initialised",  "begun",           "installed",      "activating",  "activated",   "confirmed",
      "interrupted",  "fallback",        "failed",         "collecting",  "collected",   "held",
      "released",     "policy-changed",  "order-stopped",  "time-seen",   "break-glass", "list-seen",
      "root-trusted", "repository-seen", "baseline-taken", "recall-taken"};
  return words.at(what.index());
}

Link first_link() {
  return Link(std::array<std::uint8_t, Link::size>{});
}

JournalLine print_record(const Record& record, std::uint64_t number, const Link& before) {
  JsonWriter json;
  json.begin_object();
  json.number("number", number);
  json.text("at", record.at.print());
  json.text("event", word(record.what));
  print_fields(json, record.what);
  json.end_object();
  std::string text = json.take();
  text.pop_back();  // the brace comes back behind the checksum
  const Link link = link_of(before, text);
  return {text + std::string(check_member) + link.text() + "\"}\n", link};
}

Result<Journal> parse_journal(BytesView bytes) {
  if (bytes.size() > journal_size_max) {
    return Error(Code::node_state_damaged, "journal", "at most 64 MiB", std::to_string(bytes.size()));
  }
  Journal journal{{}, {}, 0, 0};
  std::string_view rest = as_text(bytes);
  while (true) {
    const auto end = rest.find('\n');
    if (end == std::string_view::npos) break;
    TRY(add_line(journal, rest.substr(0, end)));
    rest.remove_prefix(end + 1);
  }
  journal.torn_size = rest.size();
  journal.valid_size = bytes.size() - rest.size();
  return journal;
}

}  // namespace sallyport::install
