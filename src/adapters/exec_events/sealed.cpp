// SPDX-License-Identifier: Apache-2.0
#include "adapters/exec_events/sealed.h"

#include <linux/fsverity.h>
#include <linux/magic.h>
#include <sys/ioctl.h>
#include <sys/vfs.h>

#include <array>
#include <cstring>

namespace sallyport::exec_events {

// Of the file systems whose fs-verity is the kernel's own: FUSE asks a program.
int measure_verity(int descriptor, void* answer) {
  struct statfs system;
  if (::fstatfs(descriptor, &system) != 0) return -1;
  const bool known = system.f_type == EXT4_SUPER_MAGIC || system.f_type == F2FS_SUPER_MAGIC ||
                     system.f_type == BTRFS_SUPER_MAGIC;
  if (!known) return -1;
  return ::ioctl(descriptor, FS_IOC_MEASURE_VERITY, answer);
}

std::optional<FileDigest> sealed_digest(int descriptor, MeasureVerity measure) {
  // struct fsverity_digest: algorithm, size of the digest (before: the room for it), digest.
  std::array<std::uint16_t, 2> head{0, FileDigest::size};
  alignas(fsverity_digest) std::array<std::uint8_t, sizeof head + FileDigest::size> answer{};
  std::memcpy(answer.data(), head.data(), sizeof head);
  if (measure(descriptor, answer.data()) != 0) return std::nullopt;
  std::memcpy(head.data(), answer.data(), sizeof head);
  if (head[0] != FS_VERITY_HASH_ALG_SHA256 || head[1] != FileDigest::size) return std::nullopt;
  std::array<std::uint8_t, FileDigest::size> digest;
  std::memcpy(digest.data(), answer.data() + sizeof head, digest.size());
  return FileDigest(digest);
}

}  // namespace sallyport::exec_events
