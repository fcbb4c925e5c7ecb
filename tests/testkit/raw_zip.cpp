// SPDX-License-Identifier: Apache-2.0
#include "testkit/raw_zip.h"

#include "core/format/zip.h"
#include "core/format/zip_wire.h"

namespace sallyport::testkit {
namespace {

void append(Bytes& out, BytesView bytes) {
  out.insert(out.end(), bytes.begin(), bytes.end());
}

void put_header(Bytes& out, const RawHeader& header) {
  for (const auto field : {header.version, header.flags, header.method, header.time, header.date})
    zip::put(out, field);
  for (const auto field : {header.crc, header.stored_size, header.size}) zip::put(out, field);
  zip::put(out, static_cast<std::uint16_t>(header.name.size()));
  zip::put(out, static_cast<std::uint16_t>(header.extra.size()));
}

void put_local(Bytes& out, const RawMember& member) {
  zip::put(out, zip::local_signature);
  put_header(out, member.local);
  append(out, as_bytes(member.local.name));
  append(out, member.local.extra);
  append(out, member.data);
}

void put_central(Bytes& out, const RawMember& member, std::uint64_t offset) {
  zip::put(out, zip::central_signature);
  zip::put(out, member.made_by);
  put_header(out, member.central);
  zip::put(out, static_cast<std::uint16_t>(member.comment.size()));
  zip::put(out, std::uint16_t{0});
  zip::put(out, member.internal);
  zip::put(out, member.external);
  zip::put(out, static_cast<std::uint32_t>(static_cast<std::int64_t>(offset) + member.offset_shift));
  append(out, as_bytes(member.central.name));
  append(out, member.central.extra);
  append(out, as_bytes(member.comment));
}

RawHeader take_header(zip::Cursor& cursor) {
  RawHeader header{};
  for (auto* field : {&header.version, &header.flags, &header.method, &header.time, &header.date}) {
    *field = cursor.take<std::uint16_t>();
  }
  for (auto* field : {&header.crc, &header.stored_size, &header.size}) *field = cursor.take<std::uint32_t>();
  return header;
}

}  // namespace

RawArchive dissect(BytesView archive) {
  const auto directory = read_zip(MemorySource(archive)).value();
  zip::Cursor cursor(archive.subspan(static_cast<std::size_t>(directory.central_directory_offset)));
  RawArchive raw{};
  for (const auto& member : directory.members) {
    RawMember made{};
    cursor.take<std::uint32_t>();
    made.made_by = cursor.take<std::uint16_t>();
    made.central = take_header(cursor);
    made.central.name = member.name.text();
    cursor.take_bytes(2 + 2 + 2 + 2);  // sizes of name, extra and comment, disk
    made.internal = cursor.take<std::uint16_t>();
    made.external = cursor.take<std::uint32_t>();
    cursor.take_bytes(4 + member.name.text().size());
    made.local = made.central;
    made.data = copy(
        archive.subspan(static_cast<std::size_t>(member.data_offset), static_cast<std::size_t>(member.size)));
    raw.members.push_back(std::move(made));
  }
  CHECK(print(raw) == copy(archive));
  return raw;
}

Bytes print(const RawArchive& archive) {
  Bytes out;
  Bytes directory;
  for (const auto& member : archive.members) {
    append(out, member.gap_before);
    put_central(directory, member, out.size());
    put_local(out, member);
  }
  append(out, archive.gap_before_directory);
  const auto offset = static_cast<std::int64_t>(out.size()) + archive.directory_offset_shift;
  const auto size = static_cast<std::int64_t>(directory.size()) + archive.directory_size_shift;
  const auto count = static_cast<std::int32_t>(archive.members.size()) + archive.count_shift;
  append(out, directory);
  append(out, archive.gap_before_end);
  zip::put(out, zip::end_signature);
  zip::put(out, archive.disk);
  zip::put(out, std::uint16_t{0});
  zip::put(out, static_cast<std::uint16_t>(count));
  zip::put(out, static_cast<std::uint16_t>(count));
  zip::put(out, static_cast<std::uint32_t>(size));
  zip::put(out, static_cast<std::uint32_t>(offset));
  zip::put(out, static_cast<std::uint16_t>(archive.comment.size()));
  append(out, as_bytes(archive.comment));
  return out;
}

}  // namespace sallyport::testkit
