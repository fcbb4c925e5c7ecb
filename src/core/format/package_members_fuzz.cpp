// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>

#include "core/format/package_members.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto read = sallyport::parse_members({data, size}, 1000);
  if (!read.ok()) return 0;
  for (const auto& member : read.value().members) CHECK(member.offset + member.size <= 1000);
  CHECK(sallyport::print_members(read.value()) == sallyport::as_text({data, size}));
  return 0;
}
