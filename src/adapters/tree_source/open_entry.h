// SPDX-License-Identifier: Apache-2.0
// The content of the entry that a tar archive is at. For the sources of this folder.
#pragma once

#include <memory>

#include "adapters/tree_source/tar_stream.h"

namespace sallyport {

class OpenEntry final : public SourceFile {
 public:
  OpenEntry(std::shared_ptr<TarStream> archive, std::uint64_t size)
      : archive_(std::move(archive)), rest_(size) {}
  Result<void> read(std::span<std::uint8_t> into) override {
    if (into.size() > rest_)
      return Error(Code::input_refused, "a file of an archive",
                   std::to_string(into.size()) + " more bytes, as listed", std::to_string(rest_));
    rest_ -= into.size();
    return archive_->read(into);
  }

 private:
  std::shared_ptr<TarStream> archive_;
  std::uint64_t rest_;
};

}  // namespace sallyport
