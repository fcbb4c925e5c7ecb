// SPDX-License-Identifier: Apache-2.0
// The entries of one cpio archive (core/format/cpio.h), one after the other: one reading, and every byte of it
// accounted for. For rpms.cpp. Not to be used by two threads.
//
// Refused (archive_malformed): other forms, names without an end or with several, padding that is not zero, an archive
// without its trailer or with anything behind it but fewer than 512 zeros.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "core/format/cpio.h"

namespace sallyport {

class CpioStream {
 public:
  // The next bytes of the archive, until it is asked again; none at the end.
  using Feed = std::function<Result<BytesView>()>;
  explicit CpioStream(Feed feed) : feed_(std::move(feed)) {}

  struct Entry {
    std::string name;
    CpioHeader header;
  };
  // Nothing at the end. What was not read of the entry before is passed over.
  Result<std::optional<Entry>> next();
  std::size_t count() const { return count_; }      // of entries that next() has returned
  Result<void> read(std::span<std::uint8_t> into);  // content of the entry that next() returned last

 private:
  Result<void> take(std::span<std::uint8_t> into);
  Result<void> pass_over(std::uint64_t size);
  Result<void> padding();
  Result<void> check_end();

  Feed feed_;
  BytesView rest_;
  std::uint64_t at_ = 0;       // of the archive
  std::uint64_t content_ = 0;  // of the entry, still to come
  std::size_t count_ = 0;
};

}  // namespace sallyport
