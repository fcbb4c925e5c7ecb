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
#include "roles/operator/look.h"
#include "roles/operator/plain.h"

namespace sallyport::intake {

// What an engine called clean before, with this version and this database: shared by every talk about it.
using KnownClean = std::set<FileDigest>;

// What one engine said of one package, as the parent heard it. From several threads.
class HeardBook {
 public:
  explicit HeardBook(KnownClean known = {}) : known_(std::move(known)) {}

  const KnownClean& known() const { return known_; }
  // The worker has met it: where it is known as clean it counts as answered.
  void met(const FileDigest& content);
  void note(const FileDigest& content, const ScanAnswer& answer);

  // A content that is shown, or met, twice counts twice.
  std::uint64_t answered() const;   // called clean or found
  std::uint64_t not_clean() const;  // found, or not scanned
  KnownClean clean() const;         // called clean now, and what of the known was met
  // Contents in which it found something, and its words as a finding has them. Nothing when there are more than are
  // kept, or when it did not look at one.
  std::optional<std::map<FileDigest, std::string>> found() const;

 private:
  mutable std::mutex mutex_;
  const KnownClean known_;
  KnownClean clean_;
  std::uint64_t answered_ = 0;
  std::uint64_t not_clean_ = 0;
  std::map<FileDigest, std::string> found_;
  bool is_all_ = true;  // of what is not clean
};

// The parent's side: serves one talk until it ends. What goes by and is plain is noted, where somebody wants to know.
void relay(Talk& talk, Scanner& scanner, HeardBook& book, PlainBook* plain = nullptr);
// The same about what is in contents, instead of an engine.
void tell_what_is_plain(Talk& talk, PlainBook& book);

// The worker's talks about one service: as many as there are threads that ask at the same time.
class TalkPool {
 public:
  using Connect = std::function<Result<std::unique_ptr<Talk>>()>;
  explicit TalkPool(Connect connect) : connect_(std::move(connect)) {}
  Result<std::unique_ptr<Talk>> take();
  void give_back(std::unique_ptr<Talk> talk);

 private:
  Connect connect_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Talk>> idle_;
};

// The worker's copy of what its parent knows about one service. What is met of it is told by and by, the last of it at
// the end: a question for each content would be half of the time of an intake in which all is known.
class KnownThere {
 public:
  explicit KnownThere(TalkPool::Connect connect) : connect_(std::move(connect)) {}
  ~KnownThere();
  KnownThere(const KnownThere&) = delete;
  KnownThere& operator=(const KnownThere&) = delete;
  // Whether it is known; then it is met.
  Result<Knowledge> meet(const FileDigest& content);
  Result<void> opened_nothing_in(const FileDigest& content);

 private:
  Result<void> load();
  Result<void> tell(Bytes& message);

  TalkPool::Connect connect_;
  std::mutex mutex_;
  std::unique_ptr<Talk> talk_;     // none before the first question
  std::vector<FileDigest> known_;  // in order
  Bytes met_;                      // messages that were not sent yet
  Bytes nothing_;
};

// The worker's side: the engine, as if it were here.
class RelayedScanner final : public Scanner {
 public:
  using Connect = TalkPool::Connect;
  RelayedScanner(EngineInfo info, const Connect& connect)
      : info_(std::move(info)), talks_(connect), known_(connect) {}
  Result<EngineInfo> info() override { return info_; }
  Result<std::unique_ptr<Scan>> begin() override;
  // Whether the engine called a content of this digest clean before.
  Result<Knowledge> knows(const FileDigest& content) override { return known_.meet(content); }

 private:
  class Job;
  EngineInfo info_;
  TalkPool talks_;
  KnownThere known_;
};

// And what the parent knows to hold nothing.
class RelayedInsides final : public Insides {
 public:
  explicit RelayedInsides(TalkPool::Connect connect) : known_(std::move(connect)) {}
  Result<Knowledge> knows(const FileDigest& content) override { return known_.meet(content); }
  Result<void> opened_nothing_in(const FileDigest& content) override {
    return known_.opened_nothing_in(content);
  }

 private:
  KnownThere known_;
};

}  // namespace sallyport::intake
