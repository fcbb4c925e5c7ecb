// SPDX-License-Identifier: Apache-2.0
// What is where in a package, told by a process apart so that nobody else has to read the container: where the bytes of
// each member lie in the file, and which one is the manifest and which the descriptor. docs/spec/scanner.md, *Apart*.
//
//   {"schema":"sallyport-members/2","manifest":"demo.mf","descriptor":"demo.yaml",
//    "members":[{"path":"TOSCA-Metadata/TOSCA.meta","offset":58,"size":312,"crc32":305419896},…]}
//
// What earlier programs have stored is of schema 1, without the CRC-32.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/bytes.h"

namespace sallyport {

struct PackageMember {
  std::string path;
  std::uint64_t offset;  // of its bytes, which are stored as they are
  std::uint64_t size;
  std::optional<std::uint32_t> crc32 = {};  // all members have one, or none has
};

struct PackageMembers {
  std::string manifest;
  std::string descriptor;
  std::vector<PackageMember> members;

  const PackageMember* find(std::string_view path) const;  // null: there is none
};

constexpr std::uint64_t members_text_size_max = 4ULL << 20U;

std::string print_members(const PackageMembers& members);

// One spelling. examiner_failed: it is none, a member is twice or not inside of a file of `file_size` bytes, or the
// manifest or the descriptor is none of them.
Result<PackageMembers> parse_members(BytesView text, std::uint64_t file_size);

}  // namespace sallyport
