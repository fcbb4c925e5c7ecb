// SPDX-License-Identifier: Apache-2.0
// Writes the members of a package to its file.
#pragma once

#include <vector>

#include "core/base/sink.h"
#include "core/base/workers.h"
#include "core/crypto/digest.h"
#include "core/format/tosca.h"

namespace sallyport::vendor {

// A member whose bytes are a range of a source that outlives the writing.
struct PackageMember {
  RelativePath name;
  const ByteSource* source;
  std::uint64_t offset;
  std::uint64_t size;
  std::uint32_t crc32;
};

struct WrittenPackage {
  Sha256Digest digest;  // of the file
  std::uint64_t size;
};

Result<WrittenPackage> write_package(const std::vector<PackageMember>& members, ByteSink& to,
                                     Workers& workers);

}  // namespace sallyport::vendor
