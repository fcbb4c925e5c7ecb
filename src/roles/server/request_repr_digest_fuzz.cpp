// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "roles/server/repr_digest.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto read = sallyport::server::parse_repr_digest(text);
  if (!read.ok() || !read.value()) return 0;
  // It has one spelling, which stands in there.
  if (text.find(sallyport::base64(read.value()->bytes())) == std::string_view::npos) std::abort();
  return 0;
}
