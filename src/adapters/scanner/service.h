// SPDX-License-Identifier: Apache-2.0
// Any engine that speaks the protocol of docs/spec/scanner.md, *Other engines*, over a UNIX socket: what an
// operator puts in front of a scanner of another vendor.
//
//   scanner_unreachable   nothing listens on the socket
//   scanner_failed        no answer in time, or one that is none
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <utility>

#include "adapters/scanner/port.h"

namespace sallyport {

class ServiceScanner final : public Scanner {
 public:
  explicit ServiceScanner(std::string socket, std::chrono::milliseconds patience = std::chrono::minutes(5))
      : socket_(std::move(socket)), patience_(patience) {}
  Result<EngineInfo> info() override;
  Result<std::unique_ptr<Scan>> begin() override;

 private:
  std::string socket_;
  std::chrono::milliseconds patience_;
};

// The answers, read strictly. Pure. Everything that is not one is scanner_failed.
Result<EngineInfo> parse_service_info(std::string_view reply);
Result<ScanAnswer> parse_service_answer(std::string_view reply);

}  // namespace sallyport
