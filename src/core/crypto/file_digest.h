// SPDX-License-Identifier: Apache-2.0
// The fs-verity file digest (Linux Documentation/filesystems/fsverity.rst, "File digest computation"):
// SHA-256 of the descriptor that holds the size and the root of a Merkle tree of 4 KiB blocks, no salt.
// Equal to what `fsverity digest FILE` prints and to what FS_IOC_MEASURE_VERITY answers.
#pragma once

#include <cstdint>
#include <memory>

#include "core/crypto/digest.h"

namespace sallyport {

// Content given in parts of any size, in order. Holds one block for each level of the tree.
class FileDigester {
 public:
  FileDigester();
  FileDigester(FileDigester&&) noexcept;
  FileDigester& operator=(FileDigester&&) noexcept;
  ~FileDigester();

  void update(BytesView bytes);
  FileDigest finish();  // once for each content
  void restart();       // another content, in the memory of the one before

 private:
  struct State;
  std::unique_ptr<State> state_;
};

FileDigest file_digest(BytesView content);

}  // namespace sallyport
