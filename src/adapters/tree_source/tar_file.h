// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "adapters/tree_source/tar_stream.h"

namespace sallyport {

// What is in a tar archive: owners become 0:0, so that it does not matter who packed it; modes, setuid bits and links
// are kept. Everything that is not of the form is archive_malformed: two entries of one path, hard links to what is no
// earlier file, devices, names that are no plain relative paths.
class TarTreeSource final : public TreeSource {
 public:
  explicit TarTreeSource(SourceFileName file) : file_(std::move(file)) {}

  Result<SourceListing> list() override;
  Opening opening() const override { return Opening::in_order; }
  Result<std::unique_ptr<SourceFile>> open(std::size_t index) override;

 private:
  Result<std::shared_ptr<TarStream>> begin() const;
  SourceFileName file_;
  std::vector<std::uint64_t> sizes_;  // of the entries, by their index, which is that of the archive
  std::shared_ptr<TarStream> open_;
};

}  // namespace sallyport
