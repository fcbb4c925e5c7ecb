// SPDX-License-Identifier: Apache-2.0
#include "core/format/node_report.h"

#include <array>
#include <optional>
#include <utility>

#include "core/format/fields.h"
#include "core/format/json.h"
#include "core/format/json_writer.h"
#include "core/format/statement.h"

namespace sallyport {
namespace {

constexpr std::string_view schema = "sallyport-node-report/1";
constexpr std::size_t services_max = 256;
constexpr std::size_t findings_max = 256;

constexpr std::array<std::pair<GenerationUse, std::string_view>, 3> uses = {{
    {GenerationUse::active, "active"},
    {GenerationUse::previous, "previous"},
    {GenerationUse::kept, "kept"},
}};
constexpr std::array<std::pair<ReportedState, std::string_view>, 2> states = {{
    {ReportedState::running, "running"},
    {ReportedState::stopped, "stopped"},
}};
constexpr std::array<std::pair<ReportedGate, std::string_view>, 4> gates = {{
    {ReportedGate::enforce, "enforce"},
    {ReportedGate::observe, "observe"},
    {ReportedGate::none, "none"},
    {ReportedGate::unknown, "unknown"},
}};

template <class Words, class Value>
std::string_view word_in(const Words& words, Value value) {
  for (const auto& [its_value, its_word] : words)
    if (its_value == value) return its_word;
  CHECK(false);
}

template <class Words>
auto read_word(JsonObject& from, std::string_view name, const Words& words)
    -> Result<std::decay_t<decltype(words[0].first)>> {
  const auto text = TRY(from.text(name, 32));
  for (const auto& [value, its_word] : words)
    if (its_word == text) return value;
  return from.malformed(name, "one of its words", text);
}

Result<ReportedGeneration> read_generation(JsonObject from) {
  const auto number = TRY(fields::positive(from, "number", fields::number_max));
  const auto use = TRY(read_word(from, "use", uses));
  const auto package = TRY(fields::parsed<Sha256Digest>(from, "package"));
  const auto release = TRY(fields::parsed<Sha256Digest>(from, "release"));
  auto product = TRY(fields::parsed<ProductId>(from, "product"));
  auto version = TRY(fields::label(from, "version", 200));
  TRY(from.finish());
  return ReportedGeneration{number, use, package, release, std::move(product), std::move(version)};
}

Result<std::vector<ReportedGeneration>> read_generations(JsonObject& top) {
  const auto array = TRY(top.array("generations", reported_generations_max));
  std::vector<ReportedGeneration> all;
  bool is_active = false;
  for (std::size_t i = 0; i < array.size(); ++i) {
    auto object = TRY(array.object(i));
    auto one = TRY(read_generation(std::move(object)));
    if (!all.empty() && all.back().number >= one.number)
      return top.malformed(fields::indexed("generations", i), "in order, each once",
                           std::to_string(one.number));
    if (one.use == GenerationUse::active && std::exchange(is_active, true))
      return top.malformed(fields::indexed("generations", i), "one that is active", "another one");
    all.push_back(std::move(one));
  }
  return all;
}

Result<std::vector<ReportedService>> read_services(JsonObject& top) {
  const auto array = TRY(top.array("services", services_max));
  std::vector<ReportedService> all;
  for (std::size_t i = 0; i < array.size(); ++i) {
    auto object = TRY(array.object(i));
    auto service = TRY(fields::parsed<ServiceId>(object, "service"));
    const auto state = TRY(read_word(object, "state", states));
    TRY(object.finish());
    if (!all.empty() && !(all.back().service < service))
      return top.malformed(fields::indexed("services", i), "in order, each once", service.text());
    all.push_back({std::move(service), state});
  }
  return all;
}

Result<std::vector<std::string>> read_findings(JsonObject& top) {
  const auto array = TRY(top.array("findings", findings_max));
  std::vector<std::string> all;
  for (std::size_t i = 0; i < array.size(); ++i) {
    auto code = TRY(array.text(i, 64));
    const bool is_next = !code.empty() && (all.empty() || all.back() < code);
    if (!is_next) return top.malformed(fields::indexed("findings", i), "in order, each once", code);
    all.push_back(std::move(code));
  }
  return all;
}

Result<NodeReport> read_report(const JsonDocument& document) {
  auto top = TRY(document.object());
  TRY(top.expect("schema", schema));
  auto node = TRY(fields::parsed<NodeId>(top, "node"));
  auto pool = TRY(fields::parsed<PoolId>(top, "pool"));
  const auto time = TRY(fields::parsed<Instant>(top, "time"));
  const auto policy = TRY(fields::parsed<Sha256Digest>(top, "policy"));
  const auto policy_version = TRY(fields::positive(top, "policy_version", fields::number_max));
  auto generations = TRY(read_generations(top));
  auto services = TRY(read_services(top));
  const auto gate = TRY(read_word(top, "gate", gates));
  const auto recall = TRY(top.number("recall", fields::number_max));
  auto findings = TRY(read_findings(top));
  auto events = TRY(top.object("events"));
  TRY(top.finish());
  const auto size = TRY(events.number("size", fields::number_max));
  const auto root = TRY(fields::parsed<Sha256Digest>(events, "root"));
  TRY(events.finish());
  return NodeReport{.node = std::move(node),
                    .pool = std::move(pool),
                    .time = time,
                    .policy = policy,
                    .policy_version = policy_version,
                    .generations = std::move(generations),
                    .services = std::move(services),
                    .gate = gate,
                    .recall = recall,
                    .findings = std::move(findings),
                    .events = size,
                    .events_root = root};
}

}  // namespace

std::string_view word(GenerationUse use) {
  return word_in(uses, use);
}

std::string_view word(ReportedState state) {
  return word_in(states, state);
}

std::string_view word(ReportedGate gate) {
  return word_in(gates, gate);
}

Result<NodeReport> parse_node_report(BytesView payload) {
  const auto document = TRY(JsonDocument::parse(payload, node_report_size_max, Code::statement_malformed));
  auto report = TRY(read_report(document));
  TRY(check_spelling(payload, print_node_report(report)));
  return report;
}

std::string print_node_report(const NodeReport& report) {
  JsonWriter to;
  to.begin_object().text("schema", schema).text("node", report.node.text()).text("pool", report.pool.text());
  to.text("time", report.time.print()).text("policy", report.policy.text());
  to.number("policy_version", report.policy_version).key("generations").begin_array();
  for (const auto& one : report.generations) {
    to.begin_object().number("number", one.number).text("use", word(one.use));
    to.text("package", one.package.text()).text("release", one.release.text());
    to.text("product", one.product.text()).text("version", one.version).end_object();
  }
  to.end_array().key("services").begin_array();
  for (const auto& [service, state] : report.services)
    to.begin_object().text("service", service.text()).text("state", word(state)).end_object();
  to.end_array()
      .text("gate", word(report.gate))
      .number("recall", report.recall)
      .key("findings")
      .begin_array();
  for (const auto& code : report.findings) to.text(code);
  to.end_array().key("events").begin_object().number("size", report.events);
  to.text("root", report.events_root.text()).end_object().end_object();
  return to.take() + "\n";
}

std::vector<Field> node_report_fields(const NodeReport& report) {
  const auto& [node, pool, time, policy, policy_version, generations, services, gate, recall, findings,
               events, events_root] = report;
  std::vector<Field> all = {{"node", node.text()},
                            {"pool", pool.text()},
                            {"time", time.print()},
                            {"policy", policy.text()},
                            {"policy version", std::to_string(policy_version)}};
  for (const auto& [number, use, package, release, product, version] : generations)
    all.push_back({"generation " + std::to_string(number), std::string(word(use)) + ": " + product.text() +
                                                               " " + version + ", package " + package.text() +
                                                               ", release " + release.text()});
  for (const auto& [service, state] : services)
    all.push_back({"service", service.text() + ": " + std::string(word(state))});
  all.push_back({"gate", std::string(word(gate))});
  all.push_back({"recall", std::to_string(recall)});
  for (const auto& code : findings) all.push_back({"finding", code});
  all.push_back({"events", std::to_string(events) + ", root " + events_root.text()});
  return all;
}

}  // namespace sallyport
