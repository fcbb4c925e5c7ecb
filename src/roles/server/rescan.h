// SPDX-License-Identifier: Apache-2.0
// Looking again at what is on-boarded, when the engines know more than they did: one package after the other, while
// nothing new waits to be taken in. What is found is shown, and nothing else: a person proposes a recall.
// docs/spec/server.md, *Looked at again*.
#pragma once

#include "roles/server/process.h"

namespace sallyport::server {

class LooksAgain {
 public:
  virtual ~LooksAgain() = default;
  // How much the engines know: it goes up with each new database, and with each engine more.
  virtual Result<std::uint64_t> knowledge(Instant now) = 0;
  virtual Result<Taken> look_again(const Content& content, Instant now) = 0;
};

// A server that dies with one, or fails at one, leaves it to whoever comes then.
constexpr std::int64_t rescan_hold_seconds = 3600;

Result<Worked> rescan_one(World& world, LooksAgain& looks, const std::string& holder);

}  // namespace sallyport::server
