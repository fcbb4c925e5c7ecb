// SPDX-License-Identifier: Apache-2.0
#include "roles/server/quota.h"

#include <limits>

namespace sallyport::server {
namespace {

// As much as a database can count.
constexpr std::uint64_t everything = std::numeric_limits<std::int64_t>::max();

constexpr std::uint64_t step_size = std::uint64_t{64} << 20U;  // at once; each look is a step of the database

}  // namespace

Quota quota_of(const World& world, const std::string& owner) {
  auto quota = world.quota;
  const auto accounts = world.accounts.now();
  for (const auto& [digest, account] : *accounts) {
    if (account.name != owner) continue;
    if (account.quota.packages_max) quota.packages_max = account.quota.packages_max;
    if (account.quota.bytes_max) quota.bytes_max = account.quota.bytes_max;
    break;
  }
  return quota;
}

Result<Changed> add_within_quota(World& world, const PackageRecord& package) {
  return world.db.add_package_within(package,
                                     quota_of(world, package.owner).packages_max.value_or(everything));
}

Problem packages_max_reached(const World& world, const std::string& owner) {
  const auto most = quota_of(world, owner).packages_max.value_or(everything);
  return problem(Trouble::packages_max_reached, "packages_max of the account is " + std::to_string(most) +
                                                    "; delete some that nobody needs");
}

Room::Room(World& world, PackageRecord package)
    : world_(world),
      package_(std::move(package)),
      of_all_(quota_of(world, package_.owner).bytes_max.value_or(everything)),
      bytes_(package_.reserved) {}

Result<Reserving> Room::hold(std::uint64_t size) {
  return ask(size, size);
}

Result<Reserving> Room::reach(std::uint64_t size) {
  if (size <= bytes_) return Reserving::done;
  return ask(size, size + step_size);
}

Result<Reserving> Room::ask(std::uint64_t least, std::uint64_t most) {
  const auto given = TRY(world_.db.reserve(package_, {least, most, of_all_}));
  if (given.outcome == Reserving::done) bytes_ = given.bytes;
  if (given.outcome == Reserving::full)
    refusal_ =
        problem(Trouble::bytes_max_reached, "bytes_max of the account is " + std::to_string(of_all_) +
                                                "; its other packages have " + std::to_string(given.others) +
                                                ", this one needs " + std::to_string(least) + " or more");
  return given.outcome;
}

}  // namespace sallyport::server
