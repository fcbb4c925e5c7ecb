// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "roles/server/filter.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto filter = sallyport::server::Filter::parse(text, {"id", "vnfProvider"});
  if (filter.ok()) static_cast<void>(filter.value().takes({{"id", "1"}}));
  return 0;
}
