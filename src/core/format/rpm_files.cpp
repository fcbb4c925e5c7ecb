// SPDX-License-Identifier: Apache-2.0
#include "core/format/rpm_files.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "core/base/text.h"
#include "core/format/capabilities.h"

namespace sallyport {
namespace {

constexpr std::uint32_t tag_old_names = 1027;
constexpr std::uint32_t tag_sizes = 1028;
constexpr std::uint32_t tag_modes = 1030;
constexpr std::uint32_t tag_times = 1034;
constexpr std::uint32_t tag_digests = 1035;
constexpr std::uint32_t tag_link_targets = 1036;
constexpr std::uint32_t tag_flags = 1037;
constexpr std::uint32_t tag_users = 1039;
constexpr std::uint32_t tag_groups = 1040;
constexpr std::uint32_t tag_devices = 1095;
constexpr std::uint32_t tag_inodes = 1096;
constexpr std::uint32_t tag_folder_indexes = 1116;
constexpr std::uint32_t tag_names = 1117;
constexpr std::uint32_t tag_folders = 1118;
constexpr std::uint32_t tag_long_sizes = 5008;
constexpr std::uint32_t tag_capabilities = 5010;
constexpr std::uint32_t tag_digest_algorithm = 5011;

constexpr std::uint64_t sha256_number = 8;  // RFC 9580, 9.5
constexpr std::uint64_t flag_ghost = 1U << 6U;
constexpr std::uint64_t flag_licence = 1U << 7U;
constexpr std::uint64_t type_mask = 0170000;
constexpr std::uint64_t type_folder = 0040000;
constexpr std::uint64_t type_file = 0100000;
constexpr std::uint64_t type_link = 0120000;
constexpr std::uint64_t set_user = 04000;
constexpr std::uint64_t set_group = 02000;

using Texts = std::vector<std::string_view>;
using Numbers = std::vector<std::uint64_t>;

Error malformed(std::string expected, std::string_view found) {
  return {Code::archive_malformed, "rpm header", std::move(expected), printable(found.substr(0, 300))};
}

template <class List>
Result<List> as_many(Result<List> list, std::size_t count) {
  auto all = TRY(std::move(list));
  if (all.size() == count) return all;
  return malformed("a value for each of " + std::to_string(count) + " files", std::to_string(all.size()));
}

// One value for each file.
struct Columns {
  Texts names, folders, link_targets, digests, users, groups, capabilities;
  Numbers folder_indexes, sizes, modes, times, flags, devices, inodes;
};

Result<void> check_digest_algorithm(const RpmHeader& header) {
  const auto number =
      header.has(tag_digest_algorithm) ? TRY(header.numbers32(tag_digest_algorithm)) : Numbers{1};
  if (number == Numbers{sha256_number}) return {};
  return Error(Code::publisher_algorithm_refused, "rpm header", "SHA-256 of each file",
               "digest " + std::to_string(number.front()));
}

Result<Columns> read_columns(const RpmHeader& header) {
  TRY(check_digest_algorithm(header));
  Columns all;
  all.names = TRY(header.texts(tag_names));
  const auto count = all.names.size();
  if (count > rpm_files_max) return malformed("at most a million files", std::to_string(count));
  all.folders = TRY(header.texts(tag_folders));
  all.folder_indexes = TRY(as_many(header.numbers32(tag_folder_indexes), count));
  if (header.has(tag_sizes) == header.has(tag_long_sizes))
    return malformed("sizes of one kind", "none, or two");
  all.sizes = TRY(
      as_many(header.has(tag_sizes) ? header.numbers32(tag_sizes) : header.numbers64(tag_long_sizes), count));
  all.modes = TRY(as_many(header.numbers16(tag_modes), count));
  all.times = TRY(as_many(header.numbers32(tag_times), count));
  all.digests = TRY(as_many(header.texts(tag_digests), count));
  all.link_targets = TRY(as_many(header.texts(tag_link_targets), count));
  all.flags = TRY(as_many(header.numbers32(tag_flags), count));
  all.users = TRY(as_many(header.texts(tag_users), count));
  all.groups = TRY(as_many(header.texts(tag_groups), count));
  if (header.has(tag_inodes)) {
    all.inodes = TRY(as_many(header.numbers32(tag_inodes), count));
    all.devices = TRY(as_many(header.numbers32(tag_devices), count));
  }
  if (header.has(tag_capabilities)) all.capabilities = TRY(as_many(header.texts(tag_capabilities), count));
  return all;
}

Result<RelativePath> path_of(const Columns& all, std::size_t i) {
  if (all.folder_indexes[i] >= all.folders.size())
    return malformed("a folder of the list", std::to_string(all.folder_indexes[i]));
  const auto text =
      std::string(all.folders[static_cast<std::size_t>(all.folder_indexes[i])]) + std::string(all.names[i]);
  auto path =
      text.starts_with('/') ? RelativePath::parse(std::string_view(text).substr(1)) : RelativePath::parse("");
  if (!path.ok()) return malformed("plain absolute paths", text);
  return path;
}

Result<EntryType> type_of(std::uint64_t mode, const RelativePath& path) {
  switch (mode & type_mask) {
    case type_folder:
      return EntryType::directory;
    case type_file:
      return EntryType::file;
    case type_link:
      return EntryType::link;
    default:
      return malformed("files, folders and links alone", path.text());
  }
}

// cap_to_text(3), of what is permitted and effective: "cap_net_admin,cap_net_raw=ep", or "+ep" behind nothing or "= ".
Result<std::vector<std::string>> capabilities_of(std::string_view text) {
  std::vector<std::string> names;
  if (text.empty()) return names;
  const auto wrong = malformed("capabilities that are permitted and effective (=ep)", text);
  if (!text.ends_with("=ep") && !text.ends_with("+ep")) return wrong;
  if (text.starts_with("= ") && text.ends_with("+ep")) text.remove_prefix(2);
  text.remove_suffix(3);
  while (true) {
    const auto comma = std::min(text.find(','), text.size());
    names.emplace_back(text.substr(0, comma));
    if (!is_capability(names.back())) return wrong;
    if (comma == text.size()) break;
    text.remove_prefix(comma + 1);
  }
  std::sort(names.begin(), names.end());
  return std::adjacent_find(names.begin(), names.end()) == names.end() ? Result(names) : wrong;
}

// Owners become root. A program that takes on its owner's rights would have root's instead of somebody's.
Result<void> check_owner(const Columns& all, std::size_t i, const RelativePath& path) {
  const bool user = (all.modes[i] & set_user) != 0 && all.users[i] != "root";
  const bool group = (all.modes[i] & set_group) != 0 && all.groups[i] != "root";
  if (user || group) return malformed("set-user-ID and set-group-ID of root alone", path.text());
  return {};
}

Result<RpmFile> read_file(const Columns& all, std::size_t i) {
  auto path = TRY(path_of(all, i));
  const bool ghost = (all.flags[i] & flag_ghost) != 0;
  // Ghosts may be devices: nothing of them goes anywhere.
  const auto type = ghost ? EntryType::file : TRY(type_of(all.modes[i], path));
  RpmFile file{std::move(path),
               type,
               static_cast<std::uint32_t>(all.modes[i]),
               all.sizes[i],
               {},
               {},
               {},
               static_cast<std::int64_t>(all.times[i]),
               !ghost,
               (all.flags[i] & flag_licence) != 0,
               {}};
  if (ghost) return file;
  if (type != EntryType::link) TRY(check_owner(all, i, file.path));
  if (type == EntryType::link) file.link_target = all.link_targets[i];
  if (type != EntryType::file) return file;
  auto digest = Sha256Digest::parse(all.digests[i]);
  if (!digest.ok()) return malformed("a SHA-256 digest of " + file.path.text(), all.digests[i]);
  file.digest = digest.value();
  if (!all.capabilities.empty()) file.capabilities = TRY(capabilities_of(all.capabilities[i]));
  if (!all.inodes.empty()) file.inode = all.devices[i] << 32U | all.inodes[i];
  return file;
}

Result<void> check_paths(const std::vector<RpmFile>& files) {
  std::vector<std::string_view> paths;
  paths.reserve(files.size());
  for (const auto& file : files) paths.push_back(file.path.text());
  std::sort(paths.begin(), paths.end());
  const auto twice = std::adjacent_find(paths.begin(), paths.end());
  return twice == paths.end() ? Result<void>() : malformed("each path once", *twice);
}

}  // namespace

Result<std::vector<RpmFile>> read_rpm_files(const RpmHeader& header) {
  std::vector<RpmFile> files;
  if (header.has(tag_old_names)) return malformed("paths as folders and names", "the form of version 3");
  if (!header.has(tag_names)) return files;
  const auto all = TRY(read_columns(header));
  files.reserve(all.names.size());
  for (std::size_t i = 0; i < all.names.size(); ++i) files.push_back(TRY(read_file(all, i)));
  TRY(check_paths(files));
  return files;
}

}  // namespace sallyport
