// SPDX-License-Identifier: Apache-2.0
// One of the two digests of PackageCheck::feed: the members of an archive as its bytes go by.
//
// Every byte belongs either to a member, whose digest and CRC-32 are compared at its end (member_digest_mismatch,
// zip_checksum_mismatch), or to the frame around the members, which is kept and compared at the end with the only one
// that is accepted for this directory: what went by was laid out exactly as what the directory was read from.
#pragma once

#include <map>
#include <optional>

#include "core/crypto/digest.h"
#include "core/format/zip.h"

namespace sallyport::trust {

struct ExpectedDigest {
  Sha2 algorithm;
  Bytes digest;
};

class MemberLane {
 public:
  // One digest for each member, in order.
  MemberLane(const ZipDirectory& directory, std::vector<ExpectedDigest> expected);

  Result<void> update(BytesView next);
  // After exactly as many bytes as the file has.
  Result<void> finish() const;

 private:
  // A stretch of the file: the data of a member, or the frame before, between and after them.
  struct Stretch {
    std::uint64_t start;
    std::uint64_t end;
    std::optional<std::size_t> member;
  };
  Result<void> end_stretches();
  Result<void> end_member(std::size_t member);
  void take(BytesView part);

  ZipDirectory directory_;
  std::vector<ExpectedDigest> expected_;
  std::vector<Stretch> stretches_;
  std::size_t current_ = 0;
  std::uint64_t position_ = 0;
  std::optional<Hasher> hasher_;  // of the current stretch, once it has begun
  std::uint32_t crc_ = 0;
  std::map<std::uint64_t, Bytes> frame_;  // by offset
};

}  // namespace sallyport::trust
