// SPDX-License-Identifier: Apache-2.0
#include "roles/server/process.h"

#include <utility>

#include "core/base/library_fault.h"
#include "core/format/json_writer.h"
#include "roles/server/audit.h"
#include "roles/server/content.h"
#include "roles/server/exceptions.h"
#include "roles/server/problem.h"

namespace sallyport::server {
namespace {

Result<Taken> take_in(World& world, Intake& intake, const PackageRecord& package) {
  TRY(settle_content(world.data, package));
  auto exceptions = TRY(exceptions_for_intake(world, world.clock.now()));
  const Content content{content_path(package), package.size, package.id + ".csar", std::move(exceptions)};
  auto taken = intake.submit(content, world.clock.now());
  if (!taken.ok() && taken.error().code == Code::examiner_failed)
    taken = intake.submit(content, world.clock.now());
  if (taken.ok() && taken.value().package != package.content)
    return Error(Code::io_failed, "content", package.content, taken.value().package);
  return taken;
}

// Of a package that no further try will make another.
bool is_final(const Error& error) {
  return kind_of(error.code) == Kind::refused || error.code == Code::examiner_failed;
}

void set_refused(PackageRecord& package, const Error& error, const std::string& uncounted = {}) {
  package.state = Onboarding::error;
  package.failure = print_problem(refusal_of_package(error, uncounted));
}

// Empty where there are none.
std::string print_exceptions(const std::vector<std::string>& digests) {
  if (digests.empty()) return {};
  JsonWriter to;
  to.begin_array();
  for (const auto& digest : digests) to.text(digest);
  return to.end_array().take();
}

void set_taken(PackageRecord& package, Taken taken) {
  package.verdict = std::move(taken.verdict);
  package.release = std::move(taken.release);
  package.provider = std::move(taken.provider);
  package.product = std::move(taken.product);
  package.version = std::move(taken.version);
  package.security_option = std::move(taken.security_option);
  package.exceptions = print_exceptions(taken.exceptions);
  if (taken.not_clean) return set_refused(package, *taken.not_clean, taken.uncounted);
  package.state = Onboarding::onboarded;
  package.operational = Operational::enabled;
}

// What the event has of exceptions.
std::string words_of(const Taken& taken) {
  if (taken.not_clean || taken.exceptions.empty()) return taken.uncounted;
  std::string text = "clean by";
  for (const auto& digest : taken.exceptions) text += " exception " + digest;
  return text;
}

Result<void> record_outcome(World& world, const PackageRecord& package, const std::optional<Error>& error,
                            std::string_view outcome, const std::string& about_exceptions = {}) {
  AuditRecord event;
  event.time = world.clock.now().seconds();
  event.account = package.owner;
  event.source = "local";
  event.action = "INTAKE";
  event.object = "/vnfpkgm/v2/vnf_packages/" + package.id;
  event.outcome = outcome;
  if (error) event.code = name(error->code);
  if (error) event.detail = error->where + ": " + error->found;
  if (!about_exceptions.empty()) event.detail += (event.detail.empty() ? "" : "; ") + about_exceptions;
  return record(world, event);
}

}  // namespace

Result<Worked> process_one(World& world, Intake& intake, const std::string& holder, const Claimed& claimed,
                           const GoesOn& goes_on) {
  const auto now = world.clock.now();
  auto found = TRY(world.db.claim_package(holder, now, now.plus(claim_seconds)));
  if (!found) return Worked::on_nothing;
  auto package = std::move(*found);
  claimed(package.id);
  auto taken = attempt([&] { return take_in(world, intake, package); });
  claimed("");
  std::optional<Error> error;
  std::string about_exceptions;
  if (!taken.ok()) error = taken.error();
  if (error && !is_final(*error) && !goes_on()) {
    TRY(world.db.keep_claim(package.id, holder, world.clock.now()));
    return Worked::on_nothing;
  }
  if (error && !is_final(*error)) {
    ++world.live.faults;
    TRY(record_outcome(world, package, error, "fault"));
    TRY(world.db.keep_claim(package.id, holder, world.clock.now().plus(retry_seconds)));
    return Worked::on_a_package;
  }
  if (error) {
    set_refused(package, *error);
  } else {
    error = taken.value().not_clean;
    about_exceptions = words_of(taken.value());
    TRY(world.db.set_knowledge(package.id, taken.value().knowledge));
    if (!taken.value().members.empty()) TRY(world.db.set_members(package.id, taken.value().members));
    set_taken(package, std::move(taken).value());
  }
  // Whose claim ended meanwhile has done it for nothing: another server does it, or has done it.
  if (TRY(world.db.finish_claim(package, holder)) == Changed::not_found) return Worked::on_a_package;
  ++(error ? world.live.refused : world.live.onboarded);
  TRY(record_outcome(world, package, error, error ? "refused" : "success", about_exceptions));
  return Worked::on_a_package;
}

}  // namespace sallyport::server
