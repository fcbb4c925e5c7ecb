// SPDX-License-Identifier: Apache-2.0
#include "core/format/policy_gate.h"

#include <algorithm>

#include "core/format/gate_ways.h"
#include "core/format/policy_parts.h"

namespace sallyport {
namespace {

// Left out, it is all of them: a list can only be shorter on purpose.
Result<std::vector<std::string>> read_closed(JsonObject& gate) {
  std::vector<std::string> ways;
  if (!gate.has("closed")) return std::vector<std::string>(gate_ways.begin(), gate_ways.end());
  const auto array = TRY(gate.array("closed", gate_ways.size()));
  if (array.size() == 0) return gate.malformed("closed", "at least one", "none");
  for (std::size_t i = 0; i < array.size(); ++i) {
    auto way = TRY(array.text(i, 64));
    const auto place = fields::indexed("closed", i);
    if (!is_gate_way(way)) return gate.malformed(place, "a way of `sallyport node gate probe`", way);
    if (std::find(ways.begin(), ways.end(), way) != ways.end())
      return gate.malformed(place, "each once", way);
    ways.push_back(std::move(way));
  }
  return ways;
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
  TRY(gate.finish());
  return rule;
}

}  // namespace

Result<std::optional<GateRule>> read_gate_rule(JsonObject& pool) {
  if (!pool.has("gate")) return std::optional<GateRule>();
  return std::optional(TRY(read_rule(TRY(pool.object("gate")))));
}

std::string describe(const GateRule& rule) {
  std::string text(word(rule.mode));
  if (rule.observe_until) return text + " until " + rule.observe_until->print();
  text += ", with ";
  for (const auto& way : rule.closed) text += (&way == &rule.closed.front() ? "" : ", ") + way;
  return text + " closed";
}

std::optional<Error> observes_too_long(const GateRule& rule, Instant at) {
  if (!rule.observe_until || at <= *rule.observe_until) return std::nullopt;
  return Error(Code::gate_observes_too_long, "gate", "observe mode until " + rule.observe_until->print(),
               "observe mode at " + at.print());
}

}  // namespace sallyport
