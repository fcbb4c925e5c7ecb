// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "core/format/gate.h"
#include "core/format/json.h"
#include "core/format/service_ways.h"
#include "core/gate/claim.h"
#include "roles/auditor/evidence_cases.h"

namespace sallyport::auditor {
namespace {

constexpr std::uint64_t answer_size_max = 1ULL << 20U;

const TestCase test_case{"RI-3", "RI-3.gate-ways-closed",
                         "The ways past the gate that have to be closed are closed on this host"};

Result<GateEvidence> read_probe(const CommandResult& result) {
  const auto document =
      TRY(JsonDocument::parse(as_bytes(result.output), answer_size_max, Code::json_malformed));
  auto top = TRY(document.object());
  auto said = TRY(top.object("result"));
  GateEvidence gate;
  gate.mode = TRY(said.text("mode", 16));
  gate.mode_from = TRY(said.text("mode_from", 16));
  const auto wanted = TRY(said.array("wanted", gate_ways.size() + service_ways.size()));
  for (std::size_t i = 0; i < wanted.size(); ++i) gate.wanted.push_back(TRY(wanted.text(i, 64)));
  gate.holes = TRY(read_holes(said, "holes"));
  return gate;
}

GateEvidence not_tried(const std::string& why) {
  return {"none", "", {}, holes_not_tried(why)};
}

// Without a list of the policy's: every way but those that the signed release declares.
std::vector<std::string> to_be_closed(const GateEvidence& gate) {
  if (!gate.wanted.empty()) return gate.wanted;
  std::vector<std::string> all;
  for (const auto& hole : gate.holes) {
    if (hole.state != HoleState::declared) all.push_back(hole.way);
  }
  return all;
}

void judge(CaseWorld& world) {
  const auto& gate = world.gate;
  if (gate.mode != word(GateMode::enforce)) {
    const auto why = gate.mode == "none" ? gate.holes.front().detail : "the gate observes: it denies nothing";
    return world.laboratory.not_run(test_case, why);
  }
  const auto wanted = to_be_closed(gate);
  const auto left = gate::not_closed(wanted, gate.holes);
  world.laboratory.observe(
      test_case, fmt::format("closed, or not applicable here: {}", fmt::join(wanted, ", ")),
      left.empty() ? "so they are" : fmt::format("not closed: {}", fmt::join(left, ", ")),
      left.empty() ? TestVerdict::pass : TestVerdict::fail);
}

}  // namespace

Result<void> gate_case(CaseWorld& world) {
  const auto result =
      TRY(world.ports.commands.run({"node", "gate", "probe", "--root", world.request.root, "--json"}));
  const auto code = answered_code(result);
  if (code == "gate-not-running") {
    world.gate = not_tried("no gate runs on this node");
  } else if (code != "ok") {
    world.gate = not_tried("the gate could not be tried: " + code);
  } else {
    world.gate = TRY(read_probe(result));
  }
  judge(world);
  return {};
}

std::string describe(const GateEvidence& gate) {
  const std::string confined = "namespaces: read-only generation, writable folders noexec";
  if (gate.mode == "none") return confined + "; no gate runs";
  return confined + "; fanotify gate in " + gate.mode + " mode, as the " + gate.mode_from + " says";
}

}  // namespace sallyport::auditor
