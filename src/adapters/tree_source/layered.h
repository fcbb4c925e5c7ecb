// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "adapters/tree_source/port.h"

namespace sallyport {

// One source with another laid over it: an entry of the upper one takes the place of the lower one's at the same
// path, as configuration does that goes with a distribution's files. A directory is never replaced by anything else,
// nor the other way round (input_refused).
class LayeredTreeSource final : public TreeSource {
 public:
  LayeredTreeSource(std::unique_ptr<TreeSource> lower, std::unique_ptr<TreeSource> upper)
      : lower_(std::move(lower)), upper_(std::move(upper)) {}

  Result<SourceListing> list() override;
  Opening opening() const override;
  Result<std::unique_ptr<SourceFile>> open(std::size_t index) override;

 private:
  struct Place {
    TreeSource* source;
    std::size_t index;
  };
  std::unique_ptr<TreeSource> lower_;
  std::unique_ptr<TreeSource> upper_;
  std::vector<Place> places_;  // of the entries
};

}  // namespace sallyport
