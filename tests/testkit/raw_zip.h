// SPDX-License-Identifier: Apache-2.0
// ZIP archives in which any field can be a lie. Untouched, print() gives back the bytes that dissect() took apart.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/bytes.h"

namespace sallyport::testkit {

struct RawHeader {
  std::uint16_t version;
  std::uint16_t flags;
  std::uint16_t method;
  std::uint16_t time;
  std::uint16_t date;
  std::uint32_t crc;
  std::uint32_t stored_size;
  std::uint32_t size;
  std::string name;
  Bytes extra;
};

struct RawMember {
  RawHeader local;
  RawHeader central;
  std::uint16_t made_by;
  std::uint16_t internal;
  std::uint32_t external;
  std::string comment;
  Bytes data;
  Bytes gap_before;           // announced by no header
  std::int64_t offset_shift;  // added to the true offset of the local header
};

struct RawArchive {
  std::vector<RawMember> members;
  Bytes gap_before_directory;
  Bytes gap_before_end;
  std::uint16_t disk;
  std::int32_t count_shift;
  std::int64_t directory_size_shift;
  std::int64_t directory_offset_shift;
  std::string comment;
};

RawArchive dissect(BytesView archive);  // one that read_zip accepts, without ZIP64
Bytes print(const RawArchive& archive);

}  // namespace sallyport::testkit
