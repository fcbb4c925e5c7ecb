// SPDX-License-Identifier: Apache-2.0
// Who asks, and whether they may ask now: the account of a client certificate, failed logins that cost time, and the
// rate of one account. Kept in memory: of this server alone.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <variant>

#include "adapters/https/port.h"
#include "core/base/time.h"
#include "roles/server/account.h"

namespace sallyport::server {

struct TurnedAway {
  unsigned status;           // 401 or 429
  std::int64_t retry_after;  // seconds; 0: not said
  std::uint32_t count;       // how often this address, or this account in this minute, was turned away
  std::string account = {};  // empty: unknown
};

// Whether the one of this number is recorded: the first five, then 8, 16, 32, …, so that nobody fills the records by
// being turned away.
bool is_told(std::uint32_t count);

class Guard {
 public:
  Guard(const AccountBook& accounts, std::uint32_t requests_a_minute_max)
      : accounts_(accounts), rate_max_(requests_a_minute_max) {}

  // By the accounts of this moment.
  std::variant<Account, TurnedAway> admit(const WebClient& client, Instant now);
  // A handshake that failed counts like a certificate that nobody has. How many there were.
  std::uint32_t failed(const std::string& address, Instant now);

 private:
  // After five failures in a row each further one doubles the time, from 2 seconds to 15 minutes.
  struct Failures {
    std::uint32_t count = 0;
    std::uint32_t turned_away = 0;  // with those that came while they had to wait
    std::int64_t last = 0;
    std::int64_t blocked_until = 0;
  };
  struct Minute {
    std::int64_t number = 0;
    std::uint32_t requests = 0;
  };

  std::uint32_t count_failure(const std::string& address, Instant now);
  const AccountBook& accounts_;
  const std::uint32_t rate_max_;
  std::mutex mutex_;                          // of what follows
  std::map<std::string, Failures> failures_;  // by counted_as()
  std::uint32_t of_no_room_ = 0;              // failures of addresses that found no room there
  std::map<std::string, Minute> minutes_;
};

}  // namespace sallyport::server
