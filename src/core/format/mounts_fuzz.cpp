// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>

#include "core/base/bytes.h"
#include "core/format/mounts.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto mounts = sallyport::parse_mounts(sallyport::as_text(sallyport::BytesView(data, size)));
  if (!mounts.ok()) return 0;
  for (const auto& mount : mounts.value()) CHECK(mount.point.starts_with('/'));
  return 0;
}
