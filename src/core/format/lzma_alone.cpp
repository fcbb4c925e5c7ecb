// SPDX-License-Identifier: Apache-2.0
#include "core/format/lzma_alone.h"

#include <algorithm>
#include <bit>
#include <cstdint>

namespace sallyport {

bool is_lzma_alone(BytesView head) {
  if (head.size() < lzma_alone_head_size || head[0] >= 225 || head[13] != 0) return false;
  std::uint32_t dictionary = 0;
  for (std::size_t i = 4; i > 0; --i) dictionary = dictionary << 8U | head[i];
  const auto highest = std::bit_floor(dictionary);
  const bool usual = dictionary >= 4096 && (dictionary == highest || dictionary == (highest | highest >> 1U));
  const auto size = head.subspan(5, 8);
  const bool open_end = std::all_of(size.begin(), size.end(), [](std::uint8_t byte) { return byte == 0xff; });
  const bool sized = head[0] == 0x5d && size[5] == 0 && size[6] == 0 && size[7] == 0 &&
                     std::any_of(size.begin(), size.end(), [](std::uint8_t byte) { return byte != 0; });
  return usual && (open_end || sized);
}

}  // namespace sallyport
