// SPDX-License-Identifier: Apache-2.0
// What every reader by libarchive here shares: who frees it, how it is fed, how much may come out (docs/spec/wrap.md).
#pragma once

#include <archive.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "core/base/checked.h"

namespace sallyport {

struct FreeArchive {
  void operator()(archive* opened) const { archive_read_free(opened); }
};
using ArchiveReader = std::unique_ptr<archive, FreeArchive>;

constexpr std::size_t archive_block_size = 1U << 16U;  // bytes that it is fed with at a time

// Bytes that may come out of so many stored ones.
inline std::uint64_t unpacked_size_max(std::uint64_t stored) {
  constexpr std::uint64_t small = 64ULL << 20U;
  constexpr std::uint64_t ratio_max = 1000;
  return std::max(small, checked_mul(stored, ratio_max).value_or(UINT64_MAX));
}

}  // namespace sallyport
