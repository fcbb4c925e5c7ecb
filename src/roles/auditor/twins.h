// SPDX-License-Identifier: Apache-2.0
// Tampered twins of a real package, made on the fly: what an attacker would hand to the node. Lengths,
// offsets and CRCs are made to fit, so that nothing but the cryptographic checks can tell. Memory stays
// bounded whatever the package's size.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "adapters/disk/port.h"
#include "core/crypto/digest.h"
#include "core/format/zip.h"

namespace sallyport::auditor {

struct MemberEdit {
  std::string name;                      // of the member
  std::optional<Bytes> content;          // replaces it
  std::optional<std::uint64_t> flip_at;  // or flips one bit of the byte at this offset
};

struct Tampering {
  std::vector<MemberEdit> edits;
  std::optional<MemberEdit> added;  // a further member, with `content`
};

// Writes the twin to `path` below `out` and returns its digest.
Result<Sha256Digest> write_twin(const ByteSource& package, const Tampering& tampering, Disk& out,
                                const std::string& path);

}  // namespace sallyport::auditor
