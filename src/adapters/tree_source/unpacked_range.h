// SPDX-License-Identifier: Apache-2.0
// A part of a file in one compression, as it comes out, by libarchive. For rpms.cpp.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "core/base/bytes.h"
#include "core/crypto/digest.h"

namespace sallyport {

enum class Compression : std::uint8_t { gzip, xz, zstd };

class UnpackedRange {
 public:
  struct Range {
    std::string where;  // for people
    std::shared_ptr<const ByteSource> file;
    std::uint64_t offset;
    std::uint64_t size;
    Compression compression;
    std::optional<Sha256Digest> unpacked;  // of what comes out, where that is known
  };
  // archive_malformed: another compression or none. More than 64 MiB may come out only up to 1000 times the size.
  static Result<std::unique_ptr<UnpackedRange>> open(Range range);
  UnpackedRange(const UnpackedRange&) = delete;
  UnpackedRange& operator=(const UnpackedRange&) = delete;
  ~UnpackedRange();

  // The next bytes, until the next call; none at the end, where the digest was compared.
  Result<BytesView> next();

 private:
  struct State;
  explicit UnpackedRange(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace sallyport
