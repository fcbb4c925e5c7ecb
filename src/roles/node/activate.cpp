// SPDX-License-Identifier: Apache-2.0
#include "roles/node/activate.h"

#include "core/base/library_fault.h"

namespace sallyport::node {
namespace {

template <class Kind>
bool is(const std::optional<install::Step>& step) {
  return step && std::holds_alternative<Kind>(*step);
}

// Of the node's disk, library or gate, not of the generation.
bool is_about_node(Code code) {
  switch (code) {
    case Code::io_failed:
    case Code::disk_full:
    case Code::internal_error:
    case Code::gate_absent:
    case Code::gate_stalled:
      return true;
    default:
      return false;
  }
}

// The new generation had its chance. Where the node itself failed it had none, and may have another.
bool is_unhealthy(const Executor& executor, const Error& error) {
  const bool about_node = is_about_node(error.code);
  return !about_node &&
         (is<install::Start>(executor.failed()) || is<install::AwaitHealth>(executor.failed()));
}

// Trying again cannot help: what was signed does not fit together, or what was complete no longer is.
bool is_hopeless(const Executor& executor, const Error& error) {
  const bool about_content = is<install::Unpack>(executor.failed()) || is<install::Verify>(executor.failed());
  const bool passing = error.code == Code::permission_missing || error.code == Code::store_path_diverted;
  return about_content && !passing && kind_of(error.code) == Kind::refused;
}

std::string now_active(const install::State& state) {
  if (state.active == 0) return "nothing is active";
  return "generation " + std::to_string(state.active) + " is active";
}

struct Outcome {
  install::GenerationNumber active;
  std::string effect;
};

Result<Outcome> put_in_order(const Ports& ports, const Executor& executor, const Error& error) {
  auto books = TRY(Books::open(ports.disk));
  std::vector<Error> restart_errors;
  if (auto mended = books.mend(); !mended.ok()) {
    (void)settle(ports, books, restart_errors).ok();
    return mended.take_error();
  }
  const auto& state = books.state();
  std::string effect = "nothing changed; ";
  Executor mending(ports, books);
  if (is_unhealthy(executor, error) && state.switching) {
    TRY(mending.run(install::plan_fallback(state, Code::health_failed, ports.now)));
    effect = "the node went back; ";
  } else if (is_hopeless(executor, error) && state.unfinished() != nullptr) {
    TRY(mending.run(install::plan_failure(state, error.code, ports.now)));
    effect = "nothing changed, the order is used up; ";
  } else if (state.unfinished() != nullptr) {
    effect = "the installation can be finished under the same order; ";
  }
  TRY(settle(ports, books, restart_errors));
  effect += now_active(books.state());
  for (const auto& failed : mending.restart_errors()) restart_errors.push_back(failed);
  for (const auto& failed : restart_errors) {
    effect += "; " + failed.where + " did not start again (" + std::string(name(failed.code)) + ")";
  }
  return Outcome{books.state().active, effect};
}

Error unhealthy(const Error& cause) {
  Error error(Code::health_failed, cause.where, cause.expected, std::string(name(cause.code)));
  if (!cause.found.empty()) error.found += ": " + cause.found;
  error.steps = cause.steps;
  return error;
}

}  // namespace

Result<void> carry_out(const Ports& ports, Executor& executor, const install::Steps& steps,
                       install::GenerationNumber target) {
  auto ran = executor.run(steps);
  if (ran.ok()) return {};
  Error error = ran.take_error();
  const auto outcome = attempt([&] { return put_in_order(ports, executor, error); });
  // What failed came after the record that confirms it, and is mended.
  if (outcome.ok() && outcome.value().active == target) return {};
  if (is_unhealthy(executor, error)) error = unhealthy(error);
  error.effect = outcome.ok() ? outcome.value().effect
                              : "the node is put in order by its next command (" +
                                    std::string(name(outcome.error().code)) + ")";
  return error;
}

}  // namespace sallyport::node
