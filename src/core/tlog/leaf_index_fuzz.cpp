// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "core/tlog/leaf_index.h"

// The input says of which leaves it is the index.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sallyport;
  constexpr std::size_t hash_at = 23;
  const BytesView input(data, size);
  if (size < hash_at + tlog::TreeHash::size) return 0;
  std::array<std::uint8_t, tlog::TreeHash::size> hash{};
  std::copy_n(data + hash_at, hash.size(), hash.begin());
  const tlog::TreeHash subtree(hash);
  const auto reader = [&](std::uint64_t offset, std::uint64_t count) -> Result<Bytes> {
    if (offset > size || count > size - offset) return Error(Code::truncated, "index");
    return copy(input.subspan(offset, count));
  };
  const auto index = tlog::LeafIndex::open(reader, subtree);
  if (!index.ok()) return 0;
  const auto places = index.value().candidates(subtree);
  if (!places.ok()) return 0;
  for (const auto place : places.value()) CHECK(place < tlog::index_width);
  return 0;
}
