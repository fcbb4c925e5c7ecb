// SPDX-License-Identifier: Apache-2.0
// A security event as a message of RFC 5424 in the frame of RFC 5425 §4.3 (octet counting). docs/spec/server.md,
// *Forwarded*. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/time.h"

namespace sallyport {

// What every receiver has to take (RFC 5425 §4.3.1).
constexpr std::size_t syslog_message_size_max = 2048;
constexpr std::uint64_t syslog_enterprise_example = 32473;  // RFC 5612
constexpr std::uint64_t syslog_enterprise_max = 4294967295;

// "authpriv" → 10 (RFC 5424 table 1). Absent: none of those that security events are sent under.
std::optional<unsigned> syslog_facility(std::string_view word);

// Who says it.
struct SyslogOrigin {
  unsigned facility = 10;
  std::string host;  // of this machine; empty: not known
  std::uint64_t enterprise = syslog_enterprise_example;
};

struct SyslogEvent {
  std::uint64_t line;  // of the file that it stands in, from 1
  Instant time;
  std::string account;
  std::string source;
  std::string action;
  std::string object;
  std::string outcome;  // "success", "refused", "fault"
  std::string code;
  std::string detail;
};

// At most syslog_message_size_max bytes, whatever the event says: values that are too long are cut. UTF-8, without
// control characters.
std::string print_syslog(const SyslogOrigin& origin, const SyslogEvent& event);

// "LENGTH MESSAGE"
std::string syslog_frame(std::string_view message);

}  // namespace sallyport
