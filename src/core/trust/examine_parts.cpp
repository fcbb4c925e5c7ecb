// SPDX-License-Identifier: Apache-2.0
#include "core/trust/examine_parts.h"

#include <utility>

namespace sallyport::trust {
namespace {

// What is wrong with one member; in the order in which it is told.
Result<std::vector<Error>> read_to_end(const ByteSource& file, const ArchiveMember& member,
                                       const std::optional<MemberDigest>& expected) {
  std::vector<Error> wrong;
  std::optional<Hasher> hasher;
  if (expected) hasher.emplace(expected->algorithm);
  const auto crc = read_archived(file, member, [&](BytesView part) -> Result<void> {
    if (hasher) hasher->update(part);
    return {};
  });
  if (!crc.ok()) {
    if (kind_of(crc.error().code) == Kind::fault) return crc.error();
    wrong.push_back(crc.error());
    return wrong;
  }
  const auto found = hasher ? hasher->finish() : Bytes();
  if (expected && found != expected->digest)
    wrong.emplace_back(Code::member_digest_mismatch, member.name.text(), hex(expected->digest), hex(found));
  if (crc.value() != member.crc32) {
    wrong.emplace_back(Code::zip_checksum_mismatch, member.name.text(), std::to_string(member.crc32),
                       std::to_string(crc.value()));
  }
  return wrong;
}

}  // namespace

Result<void> find_wrong_members(const ByteSource& file, const Archive& archive, const ExpectedOf& expected,
                                Workers& workers, Findings& findings) {
  std::vector<std::vector<Error>> wrong(archive.members.size());
  TRY(workers.run(archive.members.size(), [&](std::size_t index) -> Result<void> {
    const auto& member = archive.members[index];
    wrong[index] = TRY(read_to_end(file, member, expected(member)));
    return {};
  }));
  for (auto& of_one : wrong) {
    for (auto& error : of_one) findings.add(std::move(error));
  }
  return {};
}

Result<std::optional<Bytes>> read_found(const ByteSource& file, const ArchiveMember& member,
                                        std::uint64_t size_max, Findings& findings) {
  return found_or(read_archived(file, member, size_max), findings);
}

ContentDigest digest_of_member(const ByteSource& file, const ArchiveMember& member) {
  return [&file, &member](Sha2 algorithm) -> Result<Bytes> {
    Hasher hasher(algorithm);
    TRY(read_archived(file, member, [&](BytesView part) -> Result<void> {
      hasher.update(part);
      return {};
    }));
    return hasher.finish();
  };
}

}  // namespace sallyport::trust
