// SPDX-License-Identifier: Apache-2.0
// What the operator's server counts, as text that Prometheus reads (exposition format 0.0.4). docs/spec/server.md,
// *Metrics*.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace sallyport {

// Names and numbers; each name once.
using LabelledCounts = std::vector<std::pair<std::string, std::uint64_t>>;

// Security events on their way to a collector.
struct SyslogMetrics {
  LabelledCounts outcomes;        // events sent, batches failed, of this process
  std::uint64_t waiting_bytes;    // of lines that were not taken yet
  std::uint64_t waiting_seconds;  // of the one that waits longest
};

// What an account has on the server, and may have; absent: as much as it likes.
struct AccountMetrics {
  std::string name;
  std::uint64_t packages;
  std::uint64_t bytes;
  std::optional<std::uint64_t> packages_max = {};
  std::optional<std::uint64_t> bytes_max = {};
};

struct ServerMetrics {
  LabelledCounts packages;          // by state
  LabelledCounts answers;           // by class of status, "2xx", of this process
  LabelledCounts intakes;           // by outcome, of this process
  LabelledCounts notifications;     // by outcome, of this process
  LabelledCounts rescans;           // likewise
  std::uint64_t turned_away = 0;    // failed logins and handshakes, of this process
  std::uint64_t subscriptions = 0;  // that there are
  std::uint64_t waiting = 0;        // notifications that wait to be sent
  std::uint64_t events = 0;         // that nobody was looked up for yet
  std::uint64_t bytes_free = 0;     // where packages are kept
  std::vector<std::pair<std::string, std::int64_t>> seconds_left = {};  // of certificates; below zero: over
  std::optional<SyslogMetrics> syslog = {};                             // absent: none is forwarded
  std::vector<AccountMetrics> accounts = {};                            // that have anything
};

std::string print_server_metrics(const ServerMetrics& metrics);

}  // namespace sallyport
