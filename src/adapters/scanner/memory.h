// SPDX-License-Identifier: Apache-2.0
// Scanners for tests: one that works, in memory, and ones that fail in a chosen way.
#pragma once

#include <atomic>
#include <map>
#include <string>

#include "adapters/scanner/port.h"

namespace sallyport {

// Finds its signatures anywhere in a content: also in a stored archive inside of it, and inside of that. It does
// not unpack; of deflated contents it knows EICAR alone.
// A ZIP member that is encrypted, and a content of more than `size_max` bytes, are not_scanned.
class MemoryScanner final : public Scanner {
 public:
  explicit MemoryScanner(EngineInfo info, std::uint64_t size_max = 1ULL << 30U);

  void add_signature(std::string name, std::string pattern) {
    signatures_[std::move(name)] = std::move(pattern);
  }
  std::uint64_t files() const { return files_; }
  std::uint64_t bytes() const { return bytes_; }

  Result<EngineInfo> info() override { return info_; }
  Result<std::unique_ptr<Scan>> begin() override;

 private:
  class Job;
  EngineInfo info_;
  std::uint64_t size_max_;
  std::map<std::string, std::string>
      signatures_;  // name → bytes; both forms of EICAR are there from the start
  std::atomic<std::uint64_t> files_ = 0;
  std::atomic<std::uint64_t> bytes_ = 0;
};

// Wraps a scanner and breaks the n-th content that it is given (from 1), and no other.
class FaultyScanner final : public Scanner {
 public:
  enum class Then : std::uint8_t {
    unreachable,       // begin() fails
    breaks_off,        // feed() fails in the middle
    dies,              // finish() fails: no answer
    does_not_look,     // not_scanned
    says_clean_blind,  // clean, without having looked: an engine with an empty database
  };
  FaultyScanner(Scanner& inner, std::uint64_t first, Then then)
      : inner_(&inner), first_(first), then_(then) {}
  // From the n-th content on, all of them.
  FaultyScanner& forever() {
    forever_ = true;
    return *this;
  }

  Result<EngineInfo> info() override { return inner_->info(); }
  Result<std::unique_ptr<Scan>> begin() override;

 private:
  class Job;
  Scanner* inner_;
  std::uint64_t first_;
  Then then_;
  bool forever_ = false;
  std::atomic<std::uint64_t> count_ = 0;
};

}  // namespace sallyport
