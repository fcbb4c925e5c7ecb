// SPDX-License-Identifier: Apache-2.0
// clamd over its UNIX socket (clamd(8)): every content goes through a connection of its own with zINSTREAM,
// so that scans run side by side in clamd's threads and one that breaks off takes no other along.
//
//   scanner_unreachable   nothing listens on the socket, or it takes no connection in time
//   scanner_failed        no answer in time, the connection closed in mid-answer, or an answer that is none
//
// A clamd without the official databases has no version to tell; clamd_database.h finds out in its place.
#pragma once

#include <chrono>
#include <string>

#include "adapters/scanner/port.h"

namespace sallyport {

struct ClamdOptions {
  std::string socket;
  // How long clamd may take for one step: to take the next bytes, or to answer after the last ones. More than
  // its own MaxScanTime (2 minutes), so that it is clamd that says when a content takes too long.
  std::chrono::milliseconds patience{std::chrono::minutes(5)};
};

class Clamd final : public Scanner {
 public:
  explicit Clamd(ClamdOptions options) : options_(std::move(options)) {}
  Result<EngineInfo> info() override;
  Result<std::unique_ptr<Scan>> begin() override;

 private:
  ClamdOptions options_;
};

}  // namespace sallyport
