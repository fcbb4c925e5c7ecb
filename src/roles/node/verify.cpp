// SPDX-License-Identifier: Apache-2.0
#include "roles/node/verify.h"

#include <iterator>
#include <utility>

#include "roles/node/recall.h"

namespace sallyport::node {
namespace {

Result<install::GenerationNumber> active_generation(Disk& disk, const Books& books) {
  const auto& state = books.state();
  // While an activation is under way its services start from the generation that `active` names already.
  const auto number = state.switching ? state.switching->to : state.active;
  if (number == 0) return Error(Code::nothing_active, "the node", "an active generation", "none");
  const auto found = TRY(look(disk));
  if (found.active == install::generation_path(number)) return number;
  if (state.switching && found.active == install::generation_path(state.switching->from)) {
    return state.switching->from;
  }
  return Error(Code::node_state_damaged, paths::active, install::generation_path(number),
               found.active.value_or("nothing"));
}

}  // namespace

Result<VerifyReport> inspect_generation(Disk& disk, const Books& books, install::GenerationNumber generation,
                                        Workers& workers, Progress& progress) {
  const auto* known = books.state().find(generation);
  if (known == nullptr)
    return Error(Code::generation_missing, "generation " + std::to_string(generation), "one of this node",
                 "none of this number");
  if (!install::is_kept(*known)) {
    return Error(Code::generation_missing, "generation " + std::to_string(generation),
                 "one that has its files",
                 known->confirmed_at ? "collected: its papers are left" : std::string(word(known->stage)));
  }
  const auto release = TRY(release_of(disk, *known, TRY(books.policy_of(*known))));
  auto inspection = TRY(
      inspect_tree(disk, install::generation_path(generation) + "/tree", release->tree, workers, progress));
  auto findings = TRY(recalled(disk, books)).findings(known->origin.package, release->tree);
  std::move(inspection.findings.begin(), inspection.findings.end(), std::back_inserter(findings));
  inspection.findings = std::move(findings);
  return VerifyReport{generation, release, std::move(inspection)};
}

Result<void> sound(const VerifyReport& report) {
  const auto& findings = report.inspection.findings;
  if (findings.empty()) return {};
  Error first = findings.front();
  if (findings.size() > 1)
    first.found += "; " + std::to_string(findings.size() - 1) +
                   (findings.size() == 2 ? " more finding" : " more findings");
  return first;
}

Result<VerifyReport> verify_generation(Disk& disk, const Books& books, install::GenerationNumber generation,
                                       Workers& workers, Progress& progress) {
  auto report = TRY(inspect_generation(disk, books, generation, workers, progress));
  TRY(sound(report));
  return report;
}

Result<VerifyReport> verify(Disk& disk, std::optional<install::GenerationNumber> generation, Workers& workers,
                            Progress& progress) {
  const auto once = [&]() -> Result<VerifyReport> {
    const auto books = TRY(Books::open(disk));
    const auto active = TRY(active_generation(disk, books));
    return verify_generation(disk, books, generation.value_or(active), workers, progress);
  };
  return look_again(disk, once, [](const Result<VerifyReport>& report) { return !report.ok(); });
}

}  // namespace sallyport::node
