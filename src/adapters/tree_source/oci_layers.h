// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "adapters/tree_source/tar_stream.h"
#include "core/crypto/digest.h"

namespace sallyport {

struct OciLayer {
  SourceFileName file;
  Sha256Digest diff_id;  // of the tar archive that comes out of it
};

// What the layers of an image are when they lie over each other (image-spec, layer.md): a later entry takes the place
// of an earlier one, with everything below it unless both are folders; `.wh.NAME` takes NAME of the layers below away,
// and `.wh..wh..opq` all that they have in its folder. Owners and modes are the image's.
//
// archive_malformed: what tar_file.h refuses; a layer that does not unpack to its diff_id; a path twice in one layer; a
// whiteout that is no empty file, or is of another kind; an entry below what is no folder (a link is never followed).
class OciTreeSource final : public TreeSource {
 public:
  OciTreeSource(std::vector<OciLayer> layers, std::string architecture)
      : layers_(std::move(layers)), architecture_(std::move(architecture)) {}

  Result<SourceListing> list() override;
  Opening opening() const override { return Opening::in_order; }
  Result<std::unique_ptr<SourceFile>> open(std::size_t index) override;

 private:
  struct Place {
    std::size_t layer;
    std::size_t member;
  };
  Result<std::shared_ptr<TarStream>> begin(std::size_t layer) const;

  std::vector<OciLayer> layers_;
  std::string architecture_;
  std::vector<Place> places_;  // of the entries
  std::vector<std::uint64_t> sizes_;
  std::shared_ptr<TarStream> open_;
  std::size_t open_layer_ = 0;
};

}  // namespace sallyport
