// SPDX-License-Identifier: Apache-2.0
// An image of an OCI layout by the signatures that cosign has put beside it, with a key. docs/spec/wrap.md.
//
// index.json and the manifest of signatures are not signed: they say where to look, and what they say is not believed.
// A text that a key has signed says which image it is about, and the image is what has that digest.
#pragma once

#include <optional>
#include <vector>

#include "core/trust/oci_chain.h"

namespace sallyport::trust {

struct SignedImage {
  Published image;                    // its manifest, or an index of several
  std::vector<NamedFile> signatures;  // what proves it: the manifest of signatures, the text that was signed
};

// `digest`: of the image, where there are signatures of several.
//   publisher_signature_missing   no signature is there, or none of that image
//   publisher_signature_invalid   none of them is by one of the keys and about the image
//   archive_malformed             documents of another form (format/oci.h)
Result<SignedImage> signed_image(const NamedFile& index, const OciBlobs& blobs,
                                 const std::vector<PublicKey>& keys,
                                 const std::optional<Sha256Digest>& digest);

}  // namespace sallyport::trust
