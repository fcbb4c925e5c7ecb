// SPDX-License-Identifier: Apache-2.0
#include "roles/node/rollback.h"

#include "roles/node/activate.h"
#include "roles/node/gate_terms.h"
#include "roles/node/verify.h"

namespace sallyport::node {
namespace {

Result<install::GenerationNumber> target_of(const install::State& state,
                                            std::optional<install::GenerationNumber> wanted) {
  if (state.active == 0) return Error(Code::nothing_active, "the node", "an active generation", "none");
  if (!wanted) {
    const auto* previous = state.previous();
    if (previous == nullptr)
      return Error(Code::nothing_to_roll_back, "the node", "a generation that ran before", "none");
    return previous->number;
  }
  const auto* generation = state.find(*wanted);
  const bool confirmed = generation != nullptr && generation->confirmed_at;
  if (!confirmed || !install::is_kept(*generation) || *wanted == state.active) {
    return Error(Code::generation_missing, "generation " + std::to_string(*wanted),
                 "one that was confirmed before, is kept and is not active",
                 generation == nullptr     ? "no such generation"
                 : *wanted == state.active ? "the active one"
                 : confirmed               ? "collected: its papers are left"
                                           : "one that never was confirmed");
  }
  return *wanted;
}

// Before anything is stopped. A target without services needs no gate; that one cannot be read is told by its
// verification.
Result<void> can_start(const Ports& ports, const Books& books, install::GenerationNumber target) {
  const auto services = services_of(ports.disk, *books.state().find(target));
  if (!services.ok() || services.value().empty()) return {};
  TRY(admission(ports.disk, books));
  return {};
}

RollbackReport report_of(const install::State& state, install::GenerationNumber to,
                         const install::Steps& steps) {
  RollbackReport report{state.active, to, state.find(to)->origin.version, {}, {}, {}};
  for (const auto& step : steps) report.steps.push_back(install::describe(step));
  return report;
}

}  // namespace

Result<RollbackReport> rollback(const Ports& ports, std::optional<install::GenerationNumber> to,
                                Account& account) {
  const auto lock = TRY(ports.disk.lock(paths::lock));
  auto books = TRY(Books::open(ports.disk));
  account.policy_version = books.policy().version;
  std::vector<Error> restart_errors;
  TRY(settle(ports, books, restart_errors).within("putting the node in order"));
  const auto target = TRY(target_of(books.state(), to));
  const auto& origin = books.state().find(target)->origin;
  account.package = origin.package;
  account.order = origin.order;
  TRY(can_start(ports, books, target));
  const auto steps = install::plan_rollback(books.state(), target, ports.now);
  auto report = report_of(books.state(), target, steps);
  Executor executor(ports, books);
  const auto carried_out = carry_out(ports, executor, steps, target);
  if (const auto& verified = executor.verified()) {
    account.passed = verified->release.evidence().checks;
    const auto& signers = verified->release->signers;
    if (!signers.empty()) account.signer = signers.front();
  }
  TRY(carried_out);
  report.collected = executor.collected();
  report.collect_errors = executor.collect_errors();
  return report;
}

Result<RollbackReport> preview_rollback(const Ports& ports, std::optional<install::GenerationNumber> to) {
  const auto books = TRY(Books::open(ports.disk));
  const auto target = TRY(target_of(books.state(), to));
  TRY(verify_generation(ports.disk, books, target, ports.workers, ports.progress));
  TRY(can_start(ports, books, target));
  return report_of(books.state(), target, install::plan_rollback(books.state(), target, ports.now));
}

}  // namespace sallyport::node
