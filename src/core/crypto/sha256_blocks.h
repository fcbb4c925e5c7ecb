// SPDX-License-Identifier: Apache-2.0
// SHA-256 of many independent blocks of one size. Blocks that do not depend on each other can be digested
// side by side, which is about twice as fast as one after the other where the processor has SHA instructions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

namespace sallyport {

class BlockHasher {
 public:
  static constexpr std::size_t block_size = 4096;
  static constexpr std::size_t digest_size = 32;

  BlockHasher();
  BlockHasher(const BlockHasher&) = delete;
  BlockHasher& operator=(const BlockHasher&) = delete;
  ~BlockHasher();

  // Reads count * block_size bytes, writes count * digest_size bytes.
  void digest(const std::uint8_t* blocks, std::size_t count, std::uint8_t* out);
  // Any size, one digest.
  void digest_one(const std::uint8_t* bytes, std::size_t size, std::uint8_t* out);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sallyport
