// SPDX-License-Identifier: Apache-2.0
// A package once more, with other signatures in its manifest and everything else as it is.
#pragma once

#include <string>

#include "roles/vendor/package_reader.h"
#include "roles/vendor/package_writer.h"

namespace sallyport::vendor {

// DER; the second is empty where there is none.
struct Signatures {
  Bytes first;
  Bytes second;
};

Result<WrittenPackage> write_with(const Signatures& signatures, const ByteSource& file,
                                  const OwnPackage& package, ByteSink& output, Workers& workers);

}  // namespace sallyport::vendor
