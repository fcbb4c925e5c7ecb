// SPDX-License-Identifier: Apache-2.0
// Numbers in the headers of archives.
#pragma once

#include "core/base/bytes.h"

namespace sallyport {

// Of `size` bytes (at most 8), the lowest first; they have to be there.
inline std::uint64_t number(BytesView from, std::size_t at, std::size_t size) {
  std::uint64_t value = 0;
  for (std::size_t i = size; i-- > 0;) value = value << 8U | from[at + i];
  return value;
}

}  // namespace sallyport
