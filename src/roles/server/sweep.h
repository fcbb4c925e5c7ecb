// SPDX-License-Identifier: Apache-2.0
// What servers that were killed and clients that went away have left in the data folder: uploads that nobody goes on
// with, and contents whose package is gone or has another one. Several servers may sweep the same folder while uploads
// come in.
#pragma once

#include "roles/server/world.h"

namespace sallyport::server {

constexpr std::int64_t abandoned_seconds = 3600;  // after an upload's claim ran out
constexpr std::int64_t kept_seconds =
    86400;  // that an upload which was cut off is kept for, and a fetch waits

struct Swept {
  std::uint32_t uploads = 0;   // that nobody goes on with
  std::uint32_t contents = 0;  // files of contents
  std::uint32_t packages = 0;  // that take content again
};

// Records what it removed.
Result<Swept> sweep(World& world);

}  // namespace sallyport::server
