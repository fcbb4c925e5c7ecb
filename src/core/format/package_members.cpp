// SPDX-License-Identifier: Apache-2.0
#include "core/format/package_members.h"

#include <algorithm>
#include <limits>
#include <set>

#include "core/base/checked.h"
#include "core/base/path.h"
#include "core/format/json.h"
#include "core/format/json_writer.h"

namespace sallyport {
namespace {

constexpr std::string_view schema = "sallyport-members/2";
constexpr std::string_view schema_without_crc = "sallyport-members/1";
constexpr std::size_t members_max = 4096;
constexpr std::size_t path_size_max = 4096;
constexpr std::uint64_t number_max = std::uint64_t{1} << 53U;

enum class Crc : std::uint8_t { none, of_each };

Result<PackageMember> read_member(JsonObject from, std::uint64_t file_size, Crc crc) {
  auto path = TRY(from.text("path", path_size_max));
  PackageMember member{std::move(path), 0, 0};
  member.offset = TRY(from.number("offset", number_max));
  member.size = TRY(from.number("size", number_max));
  if (crc == Crc::of_each)
    member.crc32 =
        static_cast<std::uint32_t>(TRY(from.number("crc32", std::numeric_limits<std::uint32_t>::max())));
  TRY(from.finish());
  if (!RelativePath::parse(member.path).ok()) return from.malformed("path", "a path", member.path);
  if (!inside(member.offset, member.size, file_size)) return from.malformed("offset", "inside of the file");
  return member;
}

}  // namespace

const PackageMember* PackageMembers::find(std::string_view path) const {
  const auto found = std::find_if(members.begin(), members.end(),
                                  [&](const PackageMember& member) { return member.path == path; });
  return found == members.end() ? nullptr : &*found;
}

std::string print_members(const PackageMembers& members) {
  JsonWriter to;
  const bool has_crc = std::all_of(members.members.begin(), members.members.end(),
                                   [](const PackageMember& member) { return member.crc32.has_value(); });
  to.begin_object().text("schema", has_crc ? schema : schema_without_crc);
  to.text("manifest", members.manifest).text("descriptor", members.descriptor);
  to.key("members").begin_array();
  for (const auto& member : members.members) {
    to.begin_object().text("path", member.path).number("offset", member.offset).number("size", member.size);
    if (has_crc) to.number("crc32", *member.crc32);
    to.end_object();
  }
  return to.end_array().end_object().take();
}

Result<PackageMembers> parse_members(BytesView text, std::uint64_t file_size) {
  const auto document = TRY(JsonDocument::parse(text, members_text_size_max, Code::examiner_failed));
  auto top = TRY(document.object());
  const auto said = TRY(top.text("schema", schema.size()));
  if (said != schema && said != schema_without_crc) return top.malformed("schema", schema, said);
  const auto crc = said == schema ? Crc::of_each : Crc::none;
  PackageMembers read;
  read.manifest = TRY(top.text("manifest", path_size_max));
  read.descriptor = TRY(top.text("descriptor", path_size_max));
  const auto list = TRY(top.array("members", members_max));
  TRY(top.finish());
  std::set<std::string> paths;
  for (std::size_t i = 0; i < list.size(); ++i) {
    read.members.push_back(TRY(read_member(TRY(list.object(i)), file_size, crc)));
    if (!paths.insert(read.members.back().path).second)
      return top.malformed("members", "each member once", read.members.back().path);
  }
  for (const auto& named : {read.manifest, read.descriptor})
    if (!paths.contains(named)) return top.malformed("members", "the manifest and the descriptor", named);
  if (print_members(read) != as_text(text)) return top.malformed("members", "the one spelling");
  return read;
}

}  // namespace sallyport
