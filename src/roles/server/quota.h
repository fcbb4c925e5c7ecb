// SPDX-License-Identifier: Apache-2.0
// What an account may have on the server: so many packages, so many bytes. What counts stands in the database, so that
// it is one number for all servers of it, and outlives each. docs/spec/server.md, *Quotas*.
#pragma once

#include "roles/server/problem.h"
#include "roles/server/world.h"

namespace sallyport::server {

// Of the account that owns a package, whoever uploads it; that of everybody where there is no such account any more.
Quota quota_of(const World& world, const std::string& owner);

// As many as they may be; not_found: the owner has so many.
Result<Changed> add_within_quota(World& world, const PackageRecord& package);
Problem packages_max_reached(const World& world, const std::string& owner);

// Room for what comes in for a package, as long as its claim is kept.
class Room {
 public:
  Room(World& world, PackageRecord package);

  // From here on the owner has so many bytes of it, and no more without being asked.
  Result<Reserving> hold(std::uint64_t size);
  // At least so many: of what comes without a length nobody knows how much will be there.
  Result<Reserving> reach(std::uint64_t size);

  std::uint64_t bytes() const { return bytes_; }
  bool is_full() const { return refusal_.has_value(); }
  const Problem& refusal() const { return *refusal_; }  // of one that is full

 private:
  Result<Reserving> ask(std::uint64_t least, std::uint64_t most);

  World& world_;
  PackageRecord package_;
  std::uint64_t of_all_;
  std::uint64_t bytes_;
  std::optional<Problem> refusal_;
};

}  // namespace sallyport::server
