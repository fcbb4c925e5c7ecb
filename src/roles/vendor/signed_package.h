// SPDX-License-Identifier: Apache-2.0
// A package once more, with another signature block in its manifest and everything else as it is.
#pragma once

#include <string>

#include "roles/vendor/package_reader.h"
#include "roles/vendor/package_writer.h"

namespace sallyport::vendor {

Result<WrittenPackage> write_with_cms(const ByteSource& file, const OwnPackage& package,
                                      const std::string& cms_pem, ByteSink& output, Workers& workers);

}  // namespace sallyport::vendor
