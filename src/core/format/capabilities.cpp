// SPDX-License-Identifier: Apache-2.0
#include "core/format/capabilities.h"

#include <algorithm>
#include <array>

#include "core/base/text.h"

namespace sallyport {
namespace {

// In the order of their numbers, linux/capability.h.
constexpr std::array<std::string_view, 41> names_by_number = {"cap_chown",
                                                              "cap_dac_override",
                                                              "cap_dac_read_search",
                                                              "cap_fowner",
                                                              "cap_fsetid",
                                                              "cap_kill",
                                                              "cap_setgid",
                                                              "cap_setuid",
                                                              "cap_setpcap",
                                                              "cap_linux_immutable",
                                                              "cap_net_bind_service",
                                                              "cap_net_broadcast",
                                                              "cap_net_admin",
                                                              "cap_net_raw",
                                                              "cap_ipc_lock",
                                                              "cap_ipc_owner",
                                                              "cap_sys_module",
                                                              "cap_sys_rawio",
                                                              "cap_sys_chroot",
                                                              "cap_sys_ptrace",
                                                              "cap_sys_pacct",
                                                              "cap_sys_admin",
                                                              "cap_sys_boot",
                                                              "cap_sys_nice",
                                                              "cap_sys_resource",
                                                              "cap_sys_time",
                                                              "cap_sys_tty_config",
                                                              "cap_mknod",
                                                              "cap_lease",
                                                              "cap_audit_write",
                                                              "cap_audit_control",
                                                              "cap_setfcap",
                                                              "cap_mac_override",
                                                              "cap_mac_admin",
                                                              "cap_syslog",
                                                              "cap_wake_alarm",
                                                              "cap_block_suspend",
                                                              "cap_audit_read",
                                                              "cap_perfmon",
                                                              "cap_bpf",
                                                              "cap_checkpoint_restore"};

// Mounts; the kernel's code, its memory, another kernel; any file of the host by its handle; other programs' rules.
constexpr std::array<std::string_view, 7> breaking = {
    "cap_dac_read_search", "cap_mac_admin",  "cap_mac_override", "cap_sys_admin",
    "cap_sys_boot",        "cap_sys_module", "cap_sys_rawio"};

constexpr std::uint32_t revision_2 = 0x02000000;
constexpr std::uint32_t effective = 1;
constexpr std::size_t attribute_size = 20;  // struct vfs_cap_data, little endian

void put(Bytes& bytes, std::uint64_t word) {
  for (unsigned shift = 0; shift < 32; shift += 8)
    bytes.push_back(static_cast<std::uint8_t>(word >> shift & 255U));
}

std::uint32_t get(BytesView bytes, std::size_t offset) {
  std::uint32_t word = 0;
  for (unsigned i = 0; i < 4; ++i) word |= static_cast<std::uint32_t>(bytes[offset + i]) << (8 * i);
  return word;
}

}  // namespace

bool is_capability(std::string_view name) {
  return std::find(names_by_number.begin(), names_by_number.end(), name) != names_by_number.end();
}

bool breaks_confinement(std::string_view name) {
  return std::find(breaking.begin(), breaking.end(), name) != breaking.end();
}

Result<std::uint64_t> capability_set(const std::vector<std::string>& names) {
  std::uint64_t set = 0;
  for (const auto& name : names) {
    const auto found = std::find(names_by_number.begin(), names_by_number.end(), name);
    if (found == names_by_number.end()) {
      return Error(Code::not_supported, "capability", "a capability of Linux", printable(name));
    }
    set |= 1ULL << static_cast<unsigned>(found - names_by_number.begin());
  }
  return set;
}

Result<Bytes> encode_capabilities(const std::vector<std::string>& names) {
  const auto permitted = TRY(capability_set(names));
  Bytes bytes;
  put(bytes, revision_2 | effective);
  put(bytes, permitted & 0xffffffffU);
  put(bytes, 0);
  put(bytes, permitted >> 32U);
  put(bytes, 0);
  return bytes;
}

Result<std::vector<std::string>> decode_capabilities(BytesView attribute, Code code) {
  const Error unexpected(code, "security.capability", "permitted and effective capabilities that are known",
                         hex(attribute));
  if (attribute.size() != attribute_size || get(attribute, 0) != (revision_2 | effective)) return unexpected;
  if (get(attribute, 8) != 0 || get(attribute, 16) != 0) return unexpected;
  const std::uint64_t permitted = get(attribute, 4) | static_cast<std::uint64_t>(get(attribute, 12)) << 32U;
  if (permitted >> names_by_number.size() != 0) return unexpected;
  std::vector<std::string> names;
  for (std::size_t number = 0; number < names_by_number.size(); ++number) {
    if ((permitted >> number & 1U) != 0) names.emplace_back(names_by_number[number]);
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace sallyport
