// SPDX-License-Identifier: Apache-2.0
#include "roles/server/retry.h"

#include "roles/server/packages.h"
#include "roles/server/problem.h"

namespace sallyport::server {

// The verdict stays until another one takes its place: it is evidence.
Handled retry_intake(World& world, const Call& call) {
  auto found = TRY(find_package(world, call, Access::change));
  if (auto* const answer = std::get_if<WebAnswer>(&found)) return WebBegun(std::move(*answer));
  auto package = std::get<Seen>(found).package;
  if (package.state != Onboarding::error)
    return WebBegun(answer_with(
        Trouble::state_conflict,
        "the package is " + std::string(word(package.state)) + "; it is taken in again in ERROR"));
  if (package.content.empty())
    return WebBegun(answer_with(Trouble::state_conflict, "there is no content: the package was not fetched"));
  package.state = Onboarding::processing;
  package.failure.clear();
  package.holder.clear();
  package.held_until = call.now.seconds();  // behind what nobody has tried yet
  if (TRY(world.db.change_package(package, Happened::nothing)) == Changed::not_found)
    return WebBegun(answer_with(Trouble::state_conflict, "it was changed meanwhile"));
  return WebBegun(answer_empty(202));
}

}  // namespace sallyport::server
