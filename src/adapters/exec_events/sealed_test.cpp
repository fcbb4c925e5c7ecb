// SPDX-License-Identifier: Apache-2.0
#include "adapters/exec_events/sealed.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <linux/fsverity.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace sallyport::exec_events {
namespace {

// As the kernel does: it is told how much room there is.
template <std::uint16_t algorithm, std::uint16_t size>
int measured(int, void* answer) {
  std::uint16_t head[2];
  std::memcpy(head, answer, sizeof head);
  EXPECT_EQ(head[1], FileDigest::size);
  if (head[1] < size) {
    errno = EOVERFLOW;
    return -1;
  }
  head[0] = algorithm;
  head[1] = size;
  std::memcpy(answer, head, sizeof head);
  std::memset(static_cast<char*>(answer) + sizeof head, 7, size);
  return 0;
}

int not_sealed(int, void*) {
  errno = ENODATA;
  return -1;
}

TEST(SealedDigest, IsTheKernels) {
  std::array<std::uint8_t, FileDigest::size> bytes;
  bytes.fill(7);
  EXPECT_EQ(sealed_digest(0, measured<FS_VERITY_HASH_ALG_SHA256, 32>), FileDigest(bytes));
}

TEST(SealedDigest, IsAbsentForWhatIsNotSealedWithOurAlgorithm) {
  EXPECT_FALSE(sealed_digest(0, not_sealed));
  EXPECT_FALSE(sealed_digest(0, measured<FS_VERITY_HASH_ALG_SHA512, 64>));
  EXPECT_FALSE(sealed_digest(0, measured<FS_VERITY_HASH_ALG_SHA512, 32>));
  EXPECT_FALSE(sealed_digest(0, measured<FS_VERITY_HASH_ALG_SHA256, 20>));
}

TEST(SealedDigest, IsAbsentForAFileOfThisHostWithout) {
  const int file = ::open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
  EXPECT_FALSE(sealed_digest(file));
  ::close(file);
}

}  // namespace
}  // namespace sallyport::exec_events
