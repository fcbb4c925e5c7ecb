// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <optional>

#include "core/base/checked.h"
#include "core/base/text.h"
#include "core/format/zip.h"
#include "core/format/zip_end.h"
#include "core/format/zip_names.h"
#include "core/format/zip_wire.h"

namespace sallyport {
namespace zip {
namespace {

// A central header, with the offset that it gives for the local one.
struct Central {
  Header header;
  std::uint64_t offset;
};

struct Variable {
  BytesView name;
  BytesView extra;
};

Result<void> check_kind(std::uint16_t made_by, std::uint16_t internal, std::uint32_t external,
                        std::string where) {
  const auto mode = external >> 16U;
  const auto dos = external & 0xffffU;
  const bool regular =
      made_by >> 8U == host_unix ? (mode & ~0777U) == 0100000 && dos == 0 : mode == 0 && (dos & ~0x21U) == 0;
  if (made_by_accepted(made_by) && internal == 0 && regular) return {};
  return Error(Code::zip_member_unsupported, std::move(where), "a regular file",
               "made by " + std::to_string(made_by) + ", attributes " + std::to_string(internal) + " and " +
                   std::to_string(external));
}

Result<void> check_coding(const Header& header, std::uint16_t method, std::string where) {
  if (method != 0) {
    return Error(Code::zip_member_unsupported, std::move(where), "stored",
                 "method " + std::to_string(method));
  }
  if ((header.flags & ~utf8_flag) != 0) {
    return Error(Code::zip_member_unsupported, std::move(where), "no flag but UTF-8",
                 "flags " + std::to_string(header.flags));
  }
  return {};
}

Result<void> check_extra(const BytesView extra, Central& central, std::uint32_t stored, std::uint32_t size,
                         std::string where) {
  const Error wrong = malformed(where, "no extra field but the ZIP64 values that do not fit, and no comment");
  if (stored != size)
    return malformed(where, "stored: equal sizes", std::to_string(stored) + " and " + std::to_string(size));
  const std::size_t values = (size == max32 ? 16U : 0U) + (central.offset == max32 ? 8U : 0U);
  if (extra.size() != (values == 0 ? 0 : values + 4)) return wrong;
  if (values == 0) return {};
  Cursor cursor(extra);
  if (cursor.take<std::uint16_t>() != zip64_extra_id || cursor.take<std::uint16_t>() != values) return wrong;
  if (size == max32) {
    central.header.size = cursor.take<std::uint64_t>();
    if (!needs64(central.header.size) || cursor.take<std::uint64_t>() != central.header.size) return wrong;
  }
  if (central.offset == max32) {
    central.offset = cursor.take<std::uint64_t>();
    if (!needs64(central.offset)) return wrong;
  }
  return {};
}

// Leaves the cursor behind the header. The name of the result views into the directory's bytes.
Result<Central> read_central(Cursor& cursor) {
  const Error cut = malformed("central directory", "as many headers as announced, and nothing else");
  if (cursor.left() < central_size || cursor.take<std::uint32_t>() != central_signature) return cut;
  const auto made_by = cursor.take<std::uint16_t>();
  Central central{};
  auto& header = central.header;
  header.version_needed = cursor.take<std::uint16_t>();
  header.flags = cursor.take<std::uint16_t>();
  const auto method = cursor.take<std::uint16_t>();
  header.time = cursor.take<std::uint16_t>();
  header.date = cursor.take<std::uint16_t>();
  header.crc32 = cursor.take<std::uint32_t>();
  const auto stored = cursor.take<std::uint32_t>();
  const auto size = cursor.take<std::uint32_t>();
  const std::size_t name_size = cursor.take<std::uint16_t>();
  const std::size_t extra_size = cursor.take<std::uint16_t>();
  const std::size_t comment_size = cursor.take<std::uint16_t>();
  const auto disk = cursor.take<std::uint16_t>();
  const auto internal = cursor.take<std::uint16_t>();
  const auto external = cursor.take<std::uint32_t>();
  central.offset = cursor.take<std::uint32_t>();
  if (cursor.left() < name_size + extra_size + comment_size) return cut;
  header.name = as_text(cursor.take_bytes(name_size));
  header.size = size;
  const auto extra = cursor.take_bytes(extra_size);
  const std::string where = "member " + printable(header.name.substr(0, 300));
  if (comment_size != 0 || disk != 0) return malformed(where, "no comment, disk 0");
  TRY(check_coding(header, method, where));
  if (header.name.ends_with('/'))
    return Error(Code::zip_member_unsupported, where, "a regular file", "a folder");
  TRY(check_kind(made_by, internal, external, where));
  TRY(check_extra(extra, central, stored, size, where));
  const bool zip64 = !extra.empty();
  if (header.version_needed != (zip64 ? version_zip64 : version_plain) &&
      (zip64 || header.version_needed != 10)) {
    return malformed(where, "version needed 10 or 20, and 45 for ZIP64",
                     std::to_string(header.version_needed));
  }
  return central;
}

Result<RelativePath> member_name(const Header& header) {
  auto name = RelativePath::parse(header.name);
  const bool ascii =
      std::all_of(header.name.begin(), header.name.end(), [](char c) { return (c & 0x80) == 0; });
  const bool drive = header.name.size() >= 2 && header.name[1] == ':';
  // Without the flag a name is in code page 437, and programs differ on what that makes of it.
  if (name.ok() && !drive && (ascii || (header.flags & utf8_flag) != 0)) return std::move(name).value();
  return Error(Code::zip_name_invalid, "member", "a plain relative path",
               printable(header.name.substr(0, 300)));
}

Result<ZipMember> place_member(const ByteSource& file, const Central& central, std::uint64_t start,
                               std::uint64_t limit) {
  const std::string where(central.header.name);
  const auto unaccounted = [&](std::string expected, std::uint64_t found) {
    return Error(Code::zip_bytes_unaccounted, where, std::move(expected), std::to_string(found));
  };
  if (central.offset != start) return unaccounted("a member at " + std::to_string(start), central.offset);
  const Bytes expected = local_header(central.header);
  if (!inside(start, expected.size(), limit))
    return unaccounted("a header before " + std::to_string(limit), start);
  const Bytes found = TRY(file.read(start, expected.size(), expected.size()));
  if (found != expected) {
    const auto at = std::mismatch(found.begin(), found.end(), expected.begin()).first - found.begin();
    return Error(Code::zip_headers_disagree, where, "as the central directory says",
                 "another value at byte " + std::to_string(at) + " of the local header");
  }
  const auto data = start + expected.size();
  if (!inside(data, central.header.size, limit))
    return unaccounted("an end before " + std::to_string(limit), data);
  const auto name = TRY(RelativePath::parse(central.header.name));
  return ZipMember{name, start, data, central.header.size, central.header.crc32};
}

Result<std::vector<Central>> read_directory(BytesView bytes, std::uint64_t count) {
  Cursor cursor(bytes);
  std::vector<Central> centrals;
  NameSet names;
  for (std::uint64_t i = 0; i < count; ++i) {
    centrals.push_back(TRY(read_central(cursor)));
    const auto name = TRY(member_name(centrals.back().header));
    TRY(names.add(name));
  }
  if (cursor.left() != 0)
    return malformed("central directory", "as many headers as announced, and nothing else");
  return centrals;
}

}  // namespace
}  // namespace zip

const ZipMember* ZipDirectory::find(std::string_view name) const {
  const auto found = std::find_if(members.begin(), members.end(),
                                  [&](const ZipMember& member) { return member.name.text() == name; });
  return found == members.end() ? nullptr : &*found;
}

Result<ZipDirectory> read_zip(const ByteSource& file, const ZipLimits& limits) {
  const auto end = TRY(zip::read_end(file));
  TRY(zip::check_frame(file, end, limits));
  const auto bytes = TRY(file.read(end.offset, end.size, limits.central_directory_size_max));
  const auto centrals = TRY(zip::read_directory(bytes, end.count));
  ZipDirectory directory{{}, end.offset, file.size()};
  std::uint64_t start = 0;
  for (const auto& central : centrals) {
    directory.members.push_back(TRY(zip::place_member(file, central, start, end.offset)));
    start = directory.members.back().data_offset + directory.members.back().size;
  }
  if (start != end.offset) {
    return Error(Code::zip_bytes_unaccounted, "before the central directory", "0 bytes",
                 std::to_string(end.offset - start) + " bytes");
  }
  return directory;
}

Result<Bytes> read_member(const ByteSource& file, const ZipMember& member, std::uint64_t size_max) {
  if (member.size > size_max) {
    return Error(Code::zip_limit_exceeded, member.name.text(),
                 "at most " + std::to_string(size_max) + " bytes", std::to_string(member.size) + " bytes");
  }
  auto bytes = TRY(file.read(member.data_offset, member.size, size_max));
  if (crc32(0, bytes) != member.crc32)
    return Error(Code::zip_checksum_mismatch, member.name.text(), std::to_string(member.crc32),
                 std::to_string(crc32(0, bytes)));
  return bytes;
}

}  // namespace sallyport
