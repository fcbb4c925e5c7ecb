// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>

#include "adapters/tree_source/port.h"

namespace sallyport {

// Made of a listing and the contents of its files; for tests.
class MemoryTreeSource final : public TreeSource {
 public:
  MemoryTreeSource(SourceListing listing, std::vector<Bytes> contents, Opening opening)
      : listing_(std::move(listing)), contents_(std::move(contents)), opening_(opening) {}

  Result<SourceListing> list() override { return listing_; }
  Opening opening() const override { return opening_; }
  Result<std::unique_ptr<SourceFile>> open(std::size_t index) override {
    return std::unique_ptr<SourceFile>(new File(contents_.at(index)));
  }
  Bytes& content(std::size_t index) { return contents_.at(index); }  // to change it behind the listing's back

 private:
  class File final : public SourceFile {
   public:
    explicit File(BytesView rest) : rest_(rest) {}
    Result<void> read(std::span<std::uint8_t> into) override {
      if (into.size() > rest_.size()) return Error(Code::input_refused, "a file that shrank");
      std::copy_n(rest_.begin(), into.size(), into.begin());
      rest_ = rest_.subspan(into.size());
      return {};
    }

   private:
    BytesView rest_;
  };
  SourceListing listing_;
  std::vector<Bytes> contents_;  // by the index of the entry
  Opening opening_;
};

}  // namespace sallyport
