// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "roles/server/range.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto part = sallyport::server::parse_content_range(text);
  if (part && (part->size == 0 || part->size > part->total || part->first > part->total - part->size))
    std::abort();
  const auto range = sallyport::server::parse_range(text, size);
  const auto* const some = std::get_if<sallyport::server::ByteRange>(&range);
  if (some == nullptr) return 0;
  if (some->size == 0 || some->size > size || some->offset > size - some->size) std::abort();
  return 0;
}
