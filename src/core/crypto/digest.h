// SPDX-License-Identifier: Apache-2.0
// Digests as types. A digest is 32 bytes or there is no object: no empty, short or default value exists.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "core/base/bytes.h"

namespace sallyport {

template <class Tag>
class Digest {
 public:
  static constexpr std::size_t size = 32;
  explicit Digest(const std::array<std::uint8_t, size>& bytes) : bytes_(bytes) {}

  // Exactly 64 lower-case hexadecimal digits.
  static Result<Digest> parse(std::string_view text) {
    const auto bytes = TRY(parse_hex(text, size));
    if (bytes.size() != size)
      return Error(Code::json_malformed, "digest", "64 hexadecimal digits", std::string(text.substr(0, 80)));
    std::array<std::uint8_t, size> array{};
    for (std::size_t i = 0; i < size; ++i) array[i] = bytes[i];
    return Digest(array);
  }

  BytesView bytes() const { return bytes_; }
  std::string text() const { return hex(bytes_); }
  std::string brief() const { return text().substr(0, 12); }  // for eyes
  auto operator<=>(const Digest&) const = default;

 private:
  std::array<std::uint8_t, size> bytes_;
};

// SHA-256 (FIPS 180-4) of a sequence of bytes: package files, manifests, statements.
using Sha256Digest = Digest<struct Sha256Tag>;
// The fs-verity SHA-256 digest of a file's content (4 KiB blocks, no salt): one name for a content
// everywhere.
using FileDigest = Digest<struct FileDigestTag>;

// Digests have no error of their own: a library that fails ends what is under way (core/base/library_fault.h).
Sha256Digest sha256(BytesView bytes);

// SHA-2 over a sequence of bytes given in parts.
enum class Sha2 : std::uint8_t { sha256, sha384, sha512 };

class Hasher {
 public:
  explicit Hasher(Sha2 algorithm);
  Hasher(Hasher&&) noexcept;
  Hasher& operator=(Hasher&&) noexcept;
  ~Hasher();

  void update(BytesView bytes);
  Bytes finish();                // once
  Sha256Digest finish_sha256();  // once; the algorithm must be sha256

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sallyport
