// SPDX-License-Identifier: Apache-2.0
// A collector over TLS 1.2 or 1.3 (RFC 5425). Each delivery is a connection of its own, and its end is the receipt:
// this side says that it is done (close_notify, and the end of the TCP stream), and waits until the other side ends,
// too. The kernel resets a connection that is closed while something is unread.
#pragma once

#include <cstdint>
#include <string>

#include "adapters/syslog/port.h"

namespace sallyport {

struct SyslogServer {
  std::string address;  // "syslog.example:6514", "192.0.2.7:6514", "[2001:db8::1]:6514"
  std::string
      authorities;  // PEM file: one of them has to have signed what the collector shows, for this address
  std::string certificate;  // PEM file, of this client; empty: none
  std::string key;
  std::int64_t seconds_max = 20;  // for one delivery, but for looking up the name
};

class TlsCollector final : public SyslogCollector {
 public:
  // usage_error where the address has not the form above, key_unusable where the files do not fit. They are read anew
  // for each delivery.
  static Result<TlsCollector> of(SyslogServer server);
  Result<void> deliver(std::string_view frames) override;

 private:
  TlsCollector(SyslogServer server, std::string host, std::string port)
      : server_(std::move(server)), host_(std::move(host)), port_(std::move(port)) {}
  SyslogServer server_;
  std::string host_;  // without brackets
  std::string port_;
};

}  // namespace sallyport
