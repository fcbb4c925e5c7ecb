// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

namespace sallyport {

// The processor, and the compiler that built this, have the SHA extensions of x86-64.
bool has_sha_extensions();

// BlockHasher::digest with them: three blocks side by side, because one alone waits for itself most of the time.
// Only where has_sha_extensions().
void sha256_blocks_x86(const std::uint8_t* blocks, std::size_t count, std::uint8_t* out);

}  // namespace sallyport
