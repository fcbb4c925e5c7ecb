// SPDX-License-Identifier: Apache-2.0
// From a signed index of an OCI image layout down to the layers of one image: every document has the digest and the
// size that the one above it says, and is parsed only then. docs/spec/wrap.md.
//
//   publisher_signature_invalid   a document or layer of another digest or size
//   archive_malformed             documents of another form (format/oci.h); layers and diff_ids that do not fit
//   usage_error                   no image for this machine in the index, or several
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/format/oci.h"
#include "core/trust/publisher.h"

namespace sallyport::trust {

// The file of a digest, as it lies there.
using OciBlobs = std::function<Result<NamedFile>(const Sha256Digest&)>;

struct OciImage {
  std::vector<Published>
      documents;  // below the index, from the top: further indexes, manifest, configuration
  struct Layer {
    Published blob;
    Sha256Digest diff_id;  // of what is unpacked
  };
  std::vector<Layer> layers;  // the lowest first
  std::string architecture;   // as uname -m
};

// `machine`: as uname -m.
Result<OciImage> oci_image(const Published& index, const OciBlobs& blobs, const std::string& machine);
// From a document that may be a manifest itself: what registries know an image by.
Result<OciImage> oci_image_of(const Published& document, const OciBlobs& blobs, const std::string& machine);

}  // namespace sallyport::trust
