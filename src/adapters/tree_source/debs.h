// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "adapters/tree_source/port.h"
#include "adapters/tree_source/tar_stream.h"

namespace sallyport {

// What .deb files would put on a disk, all of them into one tree: paths, modes, owners and links as their data
// archives have them; nothing is moved (no usrmerge), and no maintainer script is run or kept. A directory may be
// in several of them with the same mode and owner; anything else that two of them bring is refused.
class DebTreeSource final : public TreeSource {
 public:
  explicit DebTreeSource(const std::vector<std::string>& files);
  explicit DebTreeSource(std::vector<SourceFileName> files);
  ~DebTreeSource() override;

  Result<SourceListing> list() override;
  Opening opening() const override { return Opening::in_order; }
  Result<std::unique_ptr<SourceFile>> open(std::size_t index) override;

 private:
  struct Place {
    std::size_t deb;
    std::size_t member;  // of its data archive
  };
  std::vector<SourceFileName> files_;
  std::vector<Place> places_;  // of the entries
  std::vector<std::uint64_t> sizes_;
  std::shared_ptr<TarStream> open_;
  std::size_t open_deb_ = 0;
};

}  // namespace sallyport
