// SPDX-License-Identifier: Apache-2.0
#include "core/format/mounts.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <optional>

#include "core/format/split.h"

namespace sallyport {
namespace {

constexpr std::array<std::string_view, 20> views_into_the_kernel{
    "autofs",  "binfmt_misc", "bpf",       "cgroup",     "cgroup2", "configfs", "debugfs",
    "devpts",  "efivarfs",    "fusectl",   "mqueue",     "nsfs",    "proc",     "pstore",
    "resctrl", "rpc_pipefs",  "selinuxfs", "securityfs", "sysfs",   "tracefs"};

// As the kernel names them.
constexpr std::array<std::string_view, 25> own_contents{
    "bcachefs", "btrfs",    "cramfs",    "devtmpfs", "erofs", "exfat", "ext2",  "ext3",   "ext4",
    "f2fs",     "hfsplus",  "hugetlbfs", "iso9660",  "jfs",   "minix", "msdos", "nilfs2", "ntfs3",
    "ramfs",    "reiserfs", "rootfs",    "squashfs", "tmpfs", "vfat",  "xfs"};

Error malformed(std::size_t number, std::string_view found) {
  return {Code::io_failed, "mountinfo, line " + std::to_string(number), "a line of proc(5)",
          std::string(found.substr(0, 80))};
}

// Blanks, tabs, line ends and backslashes are written as three octal digits.
std::optional<std::string> unescaped(std::string_view text) {
  const auto is_digit = [](char letter) { return letter >= '0' && letter <= '7'; };
  std::string path;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') {
      path += text[i];
      continue;
    }
    if (i + 3 >= text.size() || !std::all_of(&text[i + 1], &text[i + 1] + 3, is_digit)) return std::nullopt;
    unsigned value = 0;
    for (std::size_t digit = i + 1; digit <= i + 3; ++digit)
      value = value * 8 + static_cast<unsigned>(text[digit] - '0');
    if (value == 0 || value > 255) return std::nullopt;
    path += static_cast<char>(static_cast<unsigned char>(value));
    i += 3;
  }
  return path;
}

// "36 35 98:0 /root /point rw,noatime master:1 - ext3 /dev/root rw"
std::optional<MountEntry> parse_line(std::string_view line) {
  constexpr std::ptrdiff_t optional_fields = 6;
  const auto parts = split(line);
  const auto dash = std::find(parts.begin() + std::min(std::ssize(parts), optional_fields), parts.end(), "-");
  if (parts.end() - dash < 3) return std::nullopt;
  MountEntry entry{0, std::string(parts[2]), {}, std::string(*(dash + 1)), {}};
  if (parts.end() - dash > 3) entry.options = std::string(*(dash + 3));
  const auto [end, error] = std::from_chars(parts[0].data(), parts[0].data() + parts[0].size(), entry.id);
  if (error != std::errc() || end != parts[0].data() + parts[0].size()) return std::nullopt;
  auto point = unescaped(parts[4]);
  if (!point || !point->starts_with('/')) return std::nullopt;
  entry.point = std::move(*point);
  return entry;
}

}  // namespace

Result<std::vector<MountEntry>> parse_mounts(std::string_view text) {
  std::vector<MountEntry> mounts;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const auto end = text.find('\n');
    const auto line = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    auto entry = parse_line(line);
    if (!entry) return malformed(number, line);
    mounts.push_back(std::move(*entry));
  }
  return mounts;
}

bool may_hold_programs(std::string_view type) {
  return std::ranges::find(views_into_the_kernel, type) == views_into_the_kernel.end();
}

bool keeps_its_contents(std::string_view type) {
  return std::ranges::find(own_contents, type) != own_contents.end();
}

std::optional<std::uint32_t> option_number(const MountEntry& mount, std::string_view name) {
  std::string_view rest = mount.options;
  while (!rest.empty()) {
    const auto option = rest.substr(0, rest.find(','));
    rest.remove_prefix(std::min(option.size() + 1, rest.size()));
    if (!option.starts_with(name) || option.substr(name.size()).substr(0, 1) != "=") continue;
    const auto text = option.substr(name.size() + 1);
    std::uint32_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error == std::errc() && end == text.data() + text.size()) return number;
  }
  return std::nullopt;
}

}  // namespace sallyport
