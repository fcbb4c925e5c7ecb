// SPDX-License-Identifier: Apache-2.0
// Which of what the kernel has measured is of which generation of this node, and what is of none. By the digests of
// fs-verity alone: names are hints. For people; nothing is decided by it. docs/spec/gate.md, *Measurements*.
#pragma once

#include <string>
#include <vector>

#include "adapters/disk/port.h"
#include "core/format/measurements.h"
#include "core/install/record.h"

namespace sallyport::node {

enum class Standing : std::uint8_t {
  may_run,  // of a generation that may run now
  ran,      // of another one that was installed here once
  none,     // of no generation, or not frozen: its digest says nothing
  other,    // not measured by the policy that the node exports
};

struct Measured {
  std::string name;
  std::optional<FileDigest> digest;
  Standing standing;
  std::vector<install::GenerationNumber> generations;  // that have this content; those that may run first
  std::vector<std::string> paths;                      // in the first of them
};

struct MeasuredList {
  std::vector<Measured> entries;  // in the kernel's order, without those of Standing::other
  std::uint64_t others;
  Sha256Digest pcr;  // 10, of the bank of SHA-256, if the list is whole
};

// Proves each generation's tree again, by the vendor's signature. Codes: those of parse_measurements() and of papers
// that are not what was signed.
Result<MeasuredList> compare_measurements(Disk& disk, BytesView list);

}  // namespace sallyport::node
