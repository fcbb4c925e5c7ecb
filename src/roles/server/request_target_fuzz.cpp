// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "roles/server/target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto target = sallyport::server::parse_target(text);
  if (!target.ok()) return 0;
  for (const auto& segment : target.value().segments)
    if (segment.empty() || segment == ".." || segment.find(static_cast<char>(47)) != std::string::npos)
      std::abort();
  return 0;
}
