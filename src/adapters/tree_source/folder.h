// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "adapters/tree_source/port.h"

namespace sallyport {

// The tree below a folder. Modes, setuid bits and file capabilities are kept; owners become 0:0 and hard links
// files of their own, so that it does not matter who unpacked the tree, nor how. Never follows a link, and opens
// nothing but regular files: a FIFO is refused, not waited for.
class FolderTreeSource final : public TreeSource {
 public:
  static Result<std::unique_ptr<FolderTreeSource>> at(const std::string& folder);
  FolderTreeSource(const FolderTreeSource&) = delete;
  FolderTreeSource& operator=(const FolderTreeSource&) = delete;
  ~FolderTreeSource() override;

  Result<SourceListing> list() override;
  Opening opening() const override { return Opening::any_order; }
  Result<std::unique_ptr<SourceFile>> open(std::size_t index) override;

 private:
  FolderTreeSource(int root, std::string name) : root_(root), name_(std::move(name)) {}
  int root_;
  std::string name_;
  std::vector<SourceEntry> entries_;
};

}  // namespace sallyport
