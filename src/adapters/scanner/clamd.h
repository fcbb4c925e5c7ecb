// SPDX-License-Identifier: Apache-2.0
// clamd over its UNIX socket (clamd(8)): every content has a connection for itself, so that scans run side by side in
// clamd's threads and one that breaks off takes no other along. What is not large is passed as a descriptor (zFILDES),
// which saves clamd a file of its own for each, over connections that are used again (zIDSESSION); the rest, and all of
// it where clamd may not read what it is passed (AppArmor), is streamed (zINSTREAM).
//
//   scanner_unreachable   nothing listens on the socket, or it takes no connection in time
//   scanner_failed        no answer in time, the connection closed in mid-answer, or an answer that is none
//
// A clamd without the official databases has no version to tell; clamd_database.h finds out in its place.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "adapters/scanner/engine_connection.h"
#include "adapters/scanner/port.h"

namespace sallyport {

struct ClamdOptions {
  std::string socket;
  // How long clamd may take for one step: to take the next bytes, or to answer after the last ones. More than
  // its own MaxScanTime (2 minutes), so that it is clamd that says when a content takes too long.
  std::chrono::milliseconds patience{std::chrono::minutes(5)};
  // Contents of up to so many bytes are passed as descriptors, and kept in memory until their end.
  std::uint64_t passed_size_max = 16U << 20U;
};

class Clamd final : public Scanner {
 public:
  explicit Clamd(ClamdOptions options) : options_(std::move(options)) {}
  Result<EngineInfo> info() override;
  Result<std::unique_ptr<Scan>> begin() override;

 private:
  class Job;
  struct Session {
    EngineConnection connection;
    std::uint64_t asked = 0;                                                         // so many times
    std::chrono::steady_clock::time_point since = std::chrono::steady_clock::now();  // nothing was asked
  };
  Result<EngineConnection> connect() const;
  Result<Session> take();
  void give_back(Session session);
  Result<std::optional<ScanAnswer>> ask(Session& session, int content) const;

  ClamdOptions options_;
  std::mutex mutex_;
  std::vector<Session> idle_;
  std::atomic<bool> takes_descriptors_{true};  // until it did not
};

}  // namespace sallyport
