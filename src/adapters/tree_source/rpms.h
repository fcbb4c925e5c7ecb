// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <vector>

#include "adapters/tree_source/port.h"
#include "adapters/tree_source/rpm_payload.h"

namespace sallyport {

// What .rpm files would put on a disk, all of them into one tree: paths, modes and links as their headers have them,
// and every file of the digest that its header says. Owners become 0:0, and no script is run or kept. A directory may
// be in several of them with the same mode; anything else that two of them bring is refused (archive_malformed).
class RpmTreeSource final : public TreeSource {
 public:
  explicit RpmTreeSource(std::vector<SourceFileName> files) : files_(std::move(files)) {}
  ~RpmTreeSource() override;

  Result<SourceListing> list() override;
  Opening opening() const override { return Opening::in_order; }
  Result<std::unique_ptr<SourceFile>> open(std::size_t index) override;

 private:
  struct Place {
    std::size_t rpm;
    std::size_t member;  // of its payload
  };
  friend class RpmMerge;
  std::vector<SourceFileName> files_;
  std::vector<RpmPackage> packages_;  // of the last list()
  std::vector<Place> places_;         // of the entries
  std::vector<std::uint64_t> sizes_;
  std::shared_ptr<RpmPayload> open_;
  std::size_t open_rpm_ = 0;
};

}  // namespace sallyport
