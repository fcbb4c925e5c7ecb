// SPDX-License-Identifier: Apache-2.0
// Security events to a collector outside: the file that they are appended to is the queue, and a position behind what
// was taken is kept beside it. An event may come twice; none is left out. docs/spec/server.md, *Forwarded*.
#pragma once

#include <optional>

#include "adapters/syslog/port.h"
#include "core/format/syslog.h"
#include "roles/server/world.h"

namespace sallyport::server {

constexpr std::size_t forwarded_events_max = 500;  // of one batch
constexpr const char* forward_position_file = "syslog.position";

// Behind what was taken. Of the last line taken it has the digest: that it is still the same file.
struct ForwardPosition {
  std::uint64_t offset = 0;
  std::uint64_t line = 0;  // that many were taken
  std::uint64_t last_size = 0;
  Sha256Digest last = sha256({});
  bool operator==(const ForwardPosition&) const = default;
};

std::string print_position(const ForwardPosition& position);
Result<ForwardPosition> parse_position(BytesView json);  // json_malformed

// Of one server. Not thread-safe: one thread forwards.
class Forwarder {
 public:
  Forwarder(World& world, SyslogCollector& collector, SyslogOrigin origin)
      : world_(world), collector_(collector), origin_(std::move(origin)) {}

  // One batch. For how many seconds nothing is to be done then.
  std::int64_t step();

 private:
  struct Batch {
    std::string frames;
    std::size_t count = 0;
    ForwardPosition behind;
  };
  enum class Left : std::uint8_t { something, nothing };

  Result<Left> send_one();
  Result<void> load();
  Result<Batch> next_batch();
  Result<void> begin_anew(std::string why);
  void add(Batch& batch, BytesView line);
  void show_waiting(std::uint64_t bytes, std::int64_t oldest);

  World& world_;
  SyslogCollector& collector_;
  SyslogOrigin origin_;
  std::optional<ForwardPosition> position_;  // absent: not read yet
  std::uint32_t failures_ = 0;               // in a row
};

}  // namespace sallyport::server
