// SPDX-License-Identifier: Apache-2.0
#include "core/base/checked.h"
#include "core/base/text.h"
#include "core/format/zip.h"
#include "core/format/zip_names.h"
#include "core/format/zip_wire.h"

namespace sallyport {
namespace zip {

namespace {

// The fields that a member's local header and its entry in the central directory share, in their one order.
void put_shared(Bytes& out, const Header& header) {
  put(out, header.version_needed);
  put(out, header.flags);
  put(out, std::uint16_t{0});  // stored
  put(out, header.time);
  put(out, header.date);
  put(out, header.crc32);
  put(out, field32(header.size));
  put(out, field32(header.size));
  put(out, static_cast<std::uint16_t>(header.name.size()));
}

}  // namespace

Bytes local_header(const Header& header) {
  const bool zip64 = needs64(header.size);
  Bytes out;
  out.reserve(local_size + header.name.size() + (zip64 ? 20 : 0));
  put(out, local_signature);
  put_shared(out, header);
  put(out, static_cast<std::uint16_t>(zip64 ? 20 : 0));
  const BytesView name = as_bytes(header.name);
  out.insert(out.end(), name.begin(), name.end());
  if (zip64) {
    put(out, zip64_extra_id);
    put(out, std::uint16_t{16});
    put(out, header.size);
    put(out, header.size);
  }
  return out;
}

namespace {

constexpr std::uint16_t made_by_unix = 0x031e;  // version 3.0 of the specification, Unix
constexpr std::uint32_t regular_0644 = std::uint32_t{0100644} << 16U;
constexpr std::uint16_t date_1980_01_01 = 0x0021;

bool is_ascii(std::string_view text) {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) >= 0x80) return false;
  }
  return true;
}

Header header_of(const ZipPlanMember& member, std::uint64_t offset) {
  const bool zip64 = needs64(member.size) || needs64(offset);
  const std::uint16_t flags = is_ascii(member.name.text()) ? 0 : utf8_flag;
  return {zip64 ? version_zip64 : version_plain,
          flags,
          0,
          date_1980_01_01,
          member.crc32,
          member.size,
          member.name.text()};
}

void put_central(Bytes& out, const Header& header, std::uint64_t offset) {
  const auto values = static_cast<std::uint16_t>((needs64(header.size) ? 16 : 0) + (needs64(offset) ? 8 : 0));
  put(out, central_signature);
  put(out, made_by_unix);
  put_shared(out, header);
  put(out, static_cast<std::uint16_t>(values == 0 ? 0 : values + 4));
  put(out, std::uint16_t{0});  // comment
  put(out, std::uint16_t{0});  // disk
  put(out, std::uint16_t{0});  // internal attributes
  put(out, regular_0644);
  put(out, field32(offset));
  const BytesView name = as_bytes(header.name);
  out.insert(out.end(), name.begin(), name.end());
  if (values == 0) return;
  put(out, zip64_extra_id);
  put(out, values);
  if (needs64(header.size)) {
    put(out, header.size);
    put(out, header.size);
  }
  if (needs64(offset)) put(out, offset);
}

void put_end64(Bytes& out, std::uint64_t count, std::uint64_t size, std::uint64_t offset) {
  put(out, end64_signature);
  put(out, std::uint64_t{end64_size - 12});
  put(out, made_by_unix);
  put(out, version_zip64);
  put(out, std::uint32_t{0});
  put(out, std::uint32_t{0});
  put(out, count);
  put(out, count);
  put(out, size);
  put(out, offset);
  put(out, locator64_signature);
  put(out, std::uint32_t{0});
  put(out, offset + size);
  put(out, std::uint32_t{1});
}

void put_end(Bytes& out, std::uint64_t count, std::uint64_t size, std::uint64_t offset) {
  if (needs64(offset)) put_end64(out, count, size, offset);
  put(out, end_signature);
  put(out, std::uint16_t{0});
  put(out, std::uint16_t{0});
  put(out, static_cast<std::uint16_t>(count));
  put(out, static_cast<std::uint16_t>(count));
  put(out, static_cast<std::uint32_t>(size));
  put(out, field32(offset));
  put(out, std::uint16_t{0});
}

}  // namespace
}  // namespace zip

Result<ZipPlan> plan_zip(const std::vector<ZipPlanMember>& members, const ZipLimits& limits) {
  if (members.size() > limits.members_max)
    return zip::limit_exceeded("members", limits.members_max, members.size());
  ZipPlan plan{};
  Bytes central;
  zip::NameSet names;
  std::uint64_t offset = 0;
  for (const auto& member : members) {
    TRY(names.add(member.name));
    const auto header = zip::header_of(member, offset);
    plan.local_headers.push_back(zip::local_header(header));
    zip::put_central(central, header, offset);
    const auto end = checked_add(offset + plan.local_headers.back().size(), member.size);
    if (!end || *end > limits.file_size_max)
      return zip::limit_exceeded(member.name.text(), limits.file_size_max,
                                 end.value_or(std::numeric_limits<std::uint64_t>::max()));
    offset = *end;
  }
  if (central.size() > limits.central_directory_size_max)
    return zip::limit_exceeded("central directory", limits.central_directory_size_max, central.size());
  const std::uint64_t central_size = central.size();
  plan.tail = std::move(central);
  zip::put_end(plan.tail, members.size(), central_size, offset);
  plan.file_size = offset + plan.tail.size();
  return plan;
}

Result<void> check_as_planned(const ByteSource& file, const ZipDirectory& directory) {
  std::vector<ZipPlanMember> members;
  for (const auto& member : directory.members) members.push_back({member.name, member.size, member.crc32});
  const auto plan = TRY(plan_zip(members));
  const auto compare = [&](std::string where, std::uint64_t start, const Bytes& expected) -> Result<void> {
    if (TRY(file.read(start, expected.size(), expected.size())) == expected) return {};
    return Error(Code::package_layout_invalid, std::move(where), "headers as sallyport writes them",
                 "another time, attribute, flag or version");
  };
  if (plan.file_size != directory.file_size) {
    return Error(Code::package_layout_invalid, "package", std::to_string(plan.file_size) + " bytes",
                 std::to_string(directory.file_size) + " bytes");
  }
  for (std::size_t i = 0; i < members.size(); ++i) {
    TRY(compare(members[i].name.text(), directory.members[i].header_offset, plan.local_headers[i]));
  }
  return compare("central directory", directory.central_directory_offset, plan.tail);
}

}  // namespace sallyport
