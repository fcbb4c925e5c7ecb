// SPDX-License-Identifier: Apache-2.0
// What the server does by itself from time to time: it tells of certificates that expire, and removes what is kept no
// longer. Several servers on one database may do so at once.
#pragma once

#include "roles/server/retention.h"
#include "roles/server/world.h"

namespace sallyport::server {

// Each of them once on all servers of a database: what is due of the certificates in world.live.expiry.
Result<void> tell_expiring(World& world);

struct Removed {
  std::uint64_t audit = 0;
  std::uint64_t packages = 0;
  std::uint64_t reports = 0;
};

// Records how many there were, if there were any.
Result<Removed> remove_old(World& world, const Retention& retention);

}  // namespace sallyport::server
