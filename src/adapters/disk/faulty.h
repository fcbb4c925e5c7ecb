// SPDX-License-Identifier: Apache-2.0
// Any disk, and the n-th changing call on it goes wrong. Four ways, because they are four different bugs:
//   fail               it did not happen, and says so
//   fail_but_persist   it happened, and says that it did not (the timeout that succeeded)
//   crash              it did not happen, and nothing ever happens again on this object: the power is gone
//   lie                it says that it happened; of a write to a new file, the first byte is another one on the disk
// Of an append that fails or is cut short, the first half is written: that is what a torn line looks like.
// Reading counts as changing nothing. After a crash the test lets the inner disk crash() and starts anew.
#pragma once

#include <atomic>

#include "adapters/disk/port.h"

namespace sallyport {

enum class Then : std::uint8_t { fail, fail_but_persist, crash, lie };

class FaultyDisk : public Disk {
 public:
  // `nth` counts from 1; 0: nothing goes wrong, the calls are only counted.
  FaultyDisk(Disk& inner, std::uint64_t nth, Then then, Code code = Code::io_failed)
      : inner_(inner), nth_(nth), then_(then), code_(code) {}

  std::uint64_t calls() const { return calls_; }
  bool struck() const { return nth_ != 0 && calls_ >= nth_; }

  Result<void> make_folder(const std::string& path) override;
  Result<void> seal_folder(const std::string& path, const FileMetadata& metadata) override;
  Result<std::unique_ptr<FileWriter>> create_file(const std::string& path) override;
  Result<void> link(const std::string& from, const std::string& to) override;
  Result<void> make_link(const std::string& target, const std::string& path) override;
  Result<void> set_link_owner(const std::string& path, std::uint32_t uid, std::uint32_t gid) override;
  Result<void> rename(const std::string& from, const std::string& to) override;
  Result<void> remove(const std::string& path) override;
  Result<void> remove_tree(const std::string& path) override;
  Result<void> append(const std::string& path, BytesView bytes) override;
  Result<void> truncate(const std::string& path, std::uint64_t size) override;
  Result<Frozen> freeze(const std::string& path) override;
  Result<void> sync_file(const std::string& path) override;
  Result<void> sync_folder(const std::string& path) override;
  Result<void> sync_all() override;
  Result<std::optional<FileStatus>> find(const std::string& path) override;
  Result<std::vector<std::string>> list(const std::string& path) override;
  Result<std::string> read_link(const std::string& path) override;
  Result<std::unique_ptr<StoredFile>> open(const std::string& path) override;
  Result<DiskSpace> space() override;
  Result<std::unique_ptr<DiskLock>> lock(const std::string& path) override;

  bool lies_next() const { return then_ == Then::lie && calls_ + 1 == nth_; }

  // Counts a call and says what becomes of it: used by the files that create_file() returns, too.
  template <class Call>
  Result<void> changing(Call&& call) {
    if (dead_) return Error(Code::io_failed, "after the power cut");
    if (++calls_ != nth_ || then_ == Then::lie) return call();
    if (then_ == Then::crash) dead_ = true;
    if (then_ == Then::fail_but_persist) TRY(call());
    return Error(code_, "an injected fault");
  }

 private:
  Result<void> alive() const {
    if (dead_) return Error(Code::io_failed, "after the power cut");
    return {};
  }

  Disk& inner_;
  std::uint64_t nth_;
  Then then_;
  Code code_;
  std::atomic<std::uint64_t> calls_ = 0;
  std::atomic<bool> dead_ = false;
};

}  // namespace sallyport
