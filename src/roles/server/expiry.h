// SPDX-License-Identifier: Apache-2.0
// Certificates that are in use here, and when they end: for events before they do, and for the metrics. Called by
// several threads.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/base/time.h"
#include "core/crypto/digest.h"

namespace sallyport::server {

struct UsedCertificate {
  std::string which;  // "server", "callbacks", "syslog", "account NAME"
  Sha256Digest digest;
  Instant until;
};

// What is due of an event before the end: the last of 30, 14, 7, 1 days that has come, or 0 when it is over.
std::optional<std::int64_t> days_due(Instant until, Instant now);

class Expiry {
 public:
  void note(const UsedCertificate& certificate);     // one of several of that name
  void replace(const UsedCertificate& certificate);  // the only one of that name
  std::vector<UsedCertificate> all() const;
  // Whether that was told before, in this process.
  enum class Before : std::uint8_t { never, already };
  Before tell(const std::string& what);
  // Seconds that are left: of accounts the least of those that have at most 30 days.
  std::vector<std::pair<std::string, std::int64_t>> seconds_left(Instant now) const;

 private:
  mutable std::mutex mutex_;
  std::map<std::pair<std::string, Sha256Digest>, Instant> all_;
  std::set<std::string> told_;
};

}  // namespace sallyport::server
