// SPDX-License-Identifier: Apache-2.0
// An engine that the worker cannot reach, over a talk with its parent: docs/spec/scanner.md, *Apart*.
//
// The parent hands the bytes on as they are and takes their digest on the way. So what an engine said of which
// content is known to the parent itself: a worker can show the engine less than there is, and cannot speak for it.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "adapters/scanner/port.h"
#include "adapters/worker/port.h"
#include "core/crypto/digest.h"

namespace sallyport::intake {

// What an engine called clean before, with this version and this database: shared by every talk about it.
using KnownClean = std::set<FileDigest>;

// What one engine said of one package, as the parent heard it. From several threads.
class HeardBook {
 public:
  explicit HeardBook(KnownClean known = {}) : known_(std::move(known)) {}

  // Whether it is known as clean; then it counts as answered.
  bool ask(const FileDigest& content);
  void note(const FileDigest& content, const ScanAnswer& answer);

  // A content that is shown, or asked about, twice counts twice.
  std::uint64_t answered() const;   // called clean or found
  std::uint64_t not_clean() const;  // found, or not scanned
  KnownClean clean() const;         // called clean now, and what of the known was met
  // Contents in which it found something, and its words as a finding has them. Nothing when there are more than are
  // kept, or when it did not look at one.
  std::optional<std::map<FileDigest, std::string>> found() const;

 private:
  mutable std::mutex mutex_;
  KnownClean known_;
  KnownClean clean_;
  std::uint64_t answered_ = 0;
  std::uint64_t not_clean_ = 0;
  std::map<FileDigest, std::string> found_;
  bool is_all_ = true;  // of what is not clean
};

// The parent's side: serves one talk until it ends.
void relay(Talk& talk, Scanner& scanner, HeardBook& book);

// The worker's side: the engine, as if it were here.
class RelayedScanner final : public Scanner {
 public:
  using Connect = std::function<Result<std::unique_ptr<Talk>>()>;
  RelayedScanner(EngineInfo info, Connect connect) : info_(std::move(info)), connect_(std::move(connect)) {}
  Result<EngineInfo> info() override { return info_; }
  Result<std::unique_ptr<Scan>> begin() override;
  // Whether the engine called a content of this digest clean before.
  Result<Knowledge> knows(const FileDigest& content) override;

 private:
  class Job;
  Result<std::unique_ptr<Talk>> take();
  void give_back(std::unique_ptr<Talk> talk);

  EngineInfo info_;
  Connect connect_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Talk>> idle_;
};

}  // namespace sallyport::intake
