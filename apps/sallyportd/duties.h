// SPDX-License-Identifier: Apache-2.0
// What the server does beside answering, each on a thread of its own: it forwards security events, takes new accounts
// when it is told to (SIGHUP), tells of certificates that expire, and removes what is kept no longer.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "adapters/syslog/tls.h"
#include "apps/sallyportd/loop.h"
#include "roles/server/forward.h"
#include "roles/server/settings.h"
#include "roles/server/world.h"

namespace sallyport::sallyportd {

// Before the first thread: from then on SIGHUP ends nobody, and is remembered.
void take_signals();

// Absent: none is configured. usage_error, key_unusable.
Result<std::optional<TlsCollector>> collector_of(const server::Settings& settings);

class Duties {
 public:
  // `config`: the file that the settings are of. All of them outlive this.
  Duties(server::World& world, server::AccountBook& accounts, const server::Settings& settings,
         std::string config, std::optional<TlsCollector> collector);
  Duties(const Duties&) = delete;
  Duties& operator=(const Duties&) = delete;

 private:
  std::int64_t reload();
  std::int64_t look_at_certificates();

  server::World& world_;
  server::AccountBook& accounts_;
  const server::Settings& settings_;
  const std::string config_;
  std::optional<TlsCollector> collector_;
  std::optional<server::Forwarder> forwarder_;
  std::vector<std::unique_ptr<Loop>> loops_;  // last: they end before what they use
};

}  // namespace sallyport::sallyportd
