// SPDX-License-Identifier: Apache-2.0
// What was refused is kept for those who look into it, by its digest and within bounds: the newest files, and
// of all of them no more than bytes_max. Nothing ever reads it again.
#pragma once

#include <string>

#include "adapters/disk/port.h"

namespace sallyport::node {

constexpr std::size_t quarantine_files_max = 4;
constexpr std::uint64_t quarantine_bytes_max = 4ULL << 30U;

// Copies it there. What became of it, for people: "kept as quarantine/<digest>.csar". Never fails: the refusal
// is the news, and a full disk is none.
std::string put_into_quarantine(Disk& disk, const ByteSource& refused);

}  // namespace sallyport::node
