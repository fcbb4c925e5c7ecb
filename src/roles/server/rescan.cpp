// SPDX-License-Identifier: Apache-2.0
#include "roles/server/rescan.h"

#include <utility>

#include "core/base/library_fault.h"
#include "roles/server/audit.h"
#include "roles/server/content.h"
#include "roles/server/exceptions.h"
#include "roles/server/package_view.h"
#include "roles/server/problem.h"

namespace sallyport::server {
namespace {

Result<Taken> look(World& world, LooksAgain& looks, const PackageRecord& package) {
  auto exceptions = TRY(exceptions_for_intake(world, world.clock.now()));
  const Content content{content_path(package), package.size, package.id + ".csar", std::move(exceptions)};
  auto taken = looks.look_again(content, world.clock.now());
  if (taken.ok() && taken.value().package != package.content)
    return Error(Code::io_failed, "content", package.content, taken.value().package);
  return taken;
}

Result<void> record_found(World& world, const PackageRecord& package, const Error& error,
                          std::string_view outcome) {
  auto event = own_event(world, "RESCAN", outcome, error.where + ": " + error.found);
  event.account = package.owner;
  event.object = std::string(packages_path) + "/" + package.id;
  event.code = name(error.code);
  return record(world, event);
}

}  // namespace

Result<Worked> rescan_one(World& world, LooksAgain& looks, const std::string& holder) {
  // What nobody has tried comes first. What failed, or is tried once more, keeps no other one from being looked at.
  if (TRY(world.db.count()).untried > 0) return Worked::on_nothing;
  const auto begun = world.clock.now();
  const auto knowledge = TRY(looks.knowledge(begun));
  const auto package = TRY(world.db.claim_rescan(holder, knowledge, begun, begun.plus(rescan_hold_seconds)));
  if (!package) return Worked::on_nothing;
  const auto taken = attempt([&] { return look(world, looks, *package); });
  std::optional<Error> error;
  if (!taken.ok()) error = taken.error();
  if (error && kind_of(error->code) == Kind::fault) {
    ++world.live.rescans_failed;
    TRY(record_found(world, *package, *error, "fault"));
    return Worked::on_a_package;
  }
  std::string uncounted;
  RescanRecord found{package->id, Hit::none, {}, {}, world.clock.now().seconds()};
  if (taken.ok()) {
    error = taken.value().not_clean;
    found.verdict = taken.value().verdict;
    found.hit = taken.value().hit;
    uncounted = taken.value().uncounted;
  }
  if (error) found.finding = print_problem(refusal_of_package(*error, uncounted));
  if (TRY(world.db.finish_rescan(found, holder, knowledge)) == Changed::not_found)
    return Worked::on_a_package;
  ++(error ? world.live.rescans_found : world.live.rescans_clean);
  if (error) TRY(record_found(world, *package, *error, "refused"));
  return Worked::on_a_package;
}

}  // namespace sallyport::server
