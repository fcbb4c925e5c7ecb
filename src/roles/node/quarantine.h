// SPDX-License-Identifier: Apache-2.0
// What was refused is kept for those who look into it, by its digest and within bounds: the newest files, and
// of all of them no more than bytes_max. Nothing ever reads it again.
#pragma once

#include <optional>
#include <string>

#include "adapters/disk/port.h"
#include "core/crypto/digest.h"

namespace sallyport::node {

constexpr std::size_t quarantine_files_max = 4;
constexpr std::uint64_t quarantine_bytes_max = 4ULL << 30U;

struct Quarantined {
  std::string effect;  // for people: "kept as quarantine/<digest>.csar", "not kept: …"
  std::optional<Sha256Digest>
      digest;  // of the refused file, where it could be read and is not too large to be
};

// What there is too much of in it: unfinished copies, and the oldest files beyond the bounds. Paths of the disk.
Result<std::vector<std::string>> quarantine_surplus(Disk& disk);

// Copies it there. Never fails: the refusal is the news, and a full disk is none.
Quarantined put_into_quarantine(Disk& disk, const ByteSource& refused);

}  // namespace sallyport::node
