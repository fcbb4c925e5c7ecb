// SPDX-License-Identifier: Apache-2.0
#include "adapters/disk/capabilities.h"

#include <linux/capability.h>
#include <sys/capability.h>

#include <algorithm>

namespace sallyport {
namespace {

constexpr std::size_t attribute_size = 20;  // struct vfs_cap_data, little endian
constexpr unsigned bits_max = 64;

void put(Bytes& bytes, std::uint64_t word) {
  for (unsigned shift = 0; shift < 32; shift += 8) {
    bytes.push_back(static_cast<std::uint8_t>(word >> shift & 255U));
  }
}

std::uint32_t get(BytesView bytes, std::size_t offset) {
  std::uint32_t word = 0;
  for (unsigned i = 0; i < 4; ++i) word |= static_cast<std::uint32_t>(bytes[offset + i]) << (8 * i);
  return word;
}

}  // namespace

Result<Bytes> encode_capabilities(const std::vector<std::string>& names) {
  std::uint64_t permitted = 0;
  for (const auto& name : names) {
    cap_value_t value = 0;
    if (cap_from_name(name.c_str(), &value) != 0) {
      return Error(Code::not_supported, "file capability", "one that this system knows", name);
    }
    permitted |= 1ULL << static_cast<unsigned>(value);
  }
  Bytes bytes;
  put(bytes, VFS_CAP_REVISION_2 | VFS_CAP_FLAGS_EFFECTIVE);
  put(bytes, permitted & 0xffffffffU);
  put(bytes, 0);
  put(bytes, permitted >> 32U);
  put(bytes, 0);
  return bytes;
}

Result<std::vector<std::string>> decode_capabilities(BytesView attribute) {
  const Error unexpected(Code::generation_damaged, "security.capability",
                         "permitted and effective capabilities", hex(attribute));
  if (attribute.size() != attribute_size) return unexpected;
  if (get(attribute, 0) != (VFS_CAP_REVISION_2 | VFS_CAP_FLAGS_EFFECTIVE)) return unexpected;
  if (get(attribute, 8) != 0 || get(attribute, 16) != 0) return unexpected;
  const std::uint64_t permitted = get(attribute, 4) | static_cast<std::uint64_t>(get(attribute, 12)) << 32U;
  std::vector<std::string> names;
  for (unsigned bit = 0; bit < bits_max; ++bit) {
    if ((permitted >> bit & 1U) == 0) continue;
    char* name = cap_to_name(static_cast<cap_value_t>(bit));
    if (name == nullptr) return unexpected;
    names.emplace_back(name);
    cap_free(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace sallyport
