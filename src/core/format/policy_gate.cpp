// SPDX-License-Identifier: Apache-2.0
#include "core/format/policy_gate.h"

#include <algorithm>

#include "core/format/gate_ways.h"
#include "core/format/policy_parts.h"
#include "core/format/service_ways.h"

namespace sallyport {
namespace {

bool is_known(std::string_view way) {
  return is_gate_way(way) || find_service_way(way) != nullptr;
}

// Left out, it is all of those from outside. What a release may declare is wanted closed only by name.
Result<std::vector<std::string>> read_closed(JsonObject& gate) {
  std::vector<std::string> ways;
  if (!gate.has("closed")) return std::vector<std::string>(gate_ways.begin(), gate_ways.end());
  const auto array = TRY(gate.array("closed", gate_ways.size() + service_ways.size()));
  if (array.size() == 0) return gate.malformed("closed", "at least one", "none");
  for (std::size_t i = 0; i < array.size(); ++i) {
    auto way = TRY(array.text(i, 64));
    const auto place = fields::indexed("closed", i);
    if (!is_known(way)) return gate.malformed(place, "a way of `sallyport node gate probe`", way);
    if (std::find(ways.begin(), ways.end(), way) != ways.end())
      return gate.malformed(place, "each once", way);
    ways.push_back(std::move(way));
  }
  return ways;
}

Result<GateScope> read_scope(JsonObject& gate) {
  if (!gate.has("scope")) return GateScope::services;
  const auto word = TRY(gate.text("scope", 16));
  if (word == "host") return GateScope::host;
  if (word == "services") return GateScope::services;
  return gate.malformed("scope", "services or host", word);
}

Result<GateRule> read_rule(JsonObject gate) {
  const auto word = TRY(gate.text("mode", 16));
  const auto mode = parse_gate_mode(word);
  if (!mode.ok()) return gate.malformed("mode", "observe or enforce", word);
  GateRule rule{mode.value(), {}, {}};
  if (rule.mode == GateMode::enforce) {
    rule.closed = TRY(read_closed(gate));
  } else {
    rule.observe_until = TRY(parts::read_time(gate, "observe_until"));
    if (!rule.observe_until) return gate.malformed("observe_until", "a time by which it ends", "none");
  }
  rule.scope = TRY(read_scope(gate));
  if (rule.scope == GateScope::host && rule.mode == GateMode::enforce)
    rule.host_observe_until = TRY(parts::read_time(gate, "host_observe_until"));
  TRY(gate.finish());
  return rule;
}

}  // namespace

Result<std::optional<GateRule>> read_gate_rule(JsonObject& pool) {
  if (!pool.has("gate")) return std::optional<GateRule>();
  return std::optional(TRY(read_rule(TRY(pool.object("gate")))));
}

GateMode host_mode(const GateRule& rule) {
  return rule.host_observe_until ? GateMode::observe : rule.mode;
}

std::string describe(const GateRule& rule) {
  const std::string until =
      rule.host_observe_until ? ", observed until " + rule.host_observe_until->print() : "";
  const std::string host = rule.scope == GateScope::host ? "; the whole host" + until : "";
  std::string text(word(rule.mode));
  if (rule.observe_until) return text + " until " + rule.observe_until->print() + host;
  text += ", with ";
  for (const auto& way : rule.closed) text += (&way == &rule.closed.front() ? "" : ", ") + way;
  return text + " closed" + host;
}

std::optional<Error> observes_too_long(const GateRule& rule, Instant at) {
  const auto& until = rule.observe_until ? rule.observe_until : rule.host_observe_until;
  if (!until || at <= *until) return std::nullopt;
  return Error(Code::gate_observes_too_long,
               rule.observe_until ? "gate" : "gate, the host's own file systems",
               "observe mode until " + until->print(), "observe mode at " + at.print());
}

}  // namespace sallyport
