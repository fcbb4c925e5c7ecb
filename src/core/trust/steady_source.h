// SPDX-License-Identifier: Apache-2.0
// A file that is read several times as if it could not change: its bytes are digested once, part by part, and every
// later read is compared with that. What was checked is what has the digest, whoever writes to the file meanwhile.
#pragma once

#include <vector>

#include "core/crypto/digest.h"

namespace sallyport::trust {

class SteadySource final : public ByteSource {
 public:
  // Reads the whole file. It must outlive this.
  static Result<SteadySource> begin(const ByteSource& file);

  const Sha256Digest& digest() const { return digest_; }
  std::uint64_t size() const override { return size_; }
  // member_digest_mismatch where the bytes are not those of the first time.
  Result<void> read_at(std::uint64_t offset, std::span<std::uint8_t> into) const override;

 private:
  SteadySource(const ByteSource& file, std::uint64_t part_size);
  const ByteSource* file_;
  std::uint64_t size_;
  std::uint64_t part_size_;  // such that there are at most 2^16 of them: 2 MiB of digests
  std::vector<Sha256Digest> parts_;
  Sha256Digest digest_;
};

}  // namespace sallyport::trust
