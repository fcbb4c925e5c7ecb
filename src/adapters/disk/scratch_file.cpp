// SPDX-License-Identifier: Apache-2.0
#include "adapters/disk/scratch_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

#include "adapters/disk/system_error.h"
#include "core/base/checked.h"

namespace sallyport {
namespace {

// For file systems that know no O_TMPFILE (overlayfs on old kernels, NFS).
int open_and_unlink(const std::string& folder) {
  std::string name = folder + "/.scratch-XXXXXX";
  const int fd = ::mkostemp(name.data(), O_CLOEXEC);
  if (fd >= 0) ::unlink(name.c_str());
  return fd;
}

}  // namespace

Result<std::unique_ptr<ScratchFile>> ScratchFile::beside(const std::string& path) {
  const std::string folder = folder_of(path);
  int fd = ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0 && (errno == EOPNOTSUPP || errno == EISDIR)) fd = open_and_unlink(folder);
  if (fd < 0) return system_error(errno, folder);
  return std::unique_ptr<ScratchFile>(new ScratchFile(fd, folder));
}

ScratchFile::~ScratchFile() {
  ::close(fd_);
}

Result<void> ScratchFile::write(BytesView bytes) {
  while (!bytes.empty()) {
    const ssize_t put = ::pwrite(fd_, bytes.data(), bytes.size(), static_cast<off_t>(size_));
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return system_error(errno, folder_);
    size_ += static_cast<std::uint64_t>(put);
    bytes = bytes.subspan(static_cast<std::size_t>(put));
  }
  return {};
}

Result<void> ScratchFile::clear() {
  if (::ftruncate(fd_, 0) != 0) return system_error(errno, folder_);
  size_ = 0;
  return {};
}

Result<void> ScratchFile::read_at(std::uint64_t offset, std::span<std::uint8_t> into) const {
  const auto cut_short = [&, end = offset + into.size()] {
    return Error(Code::truncated, folder_, "bytes up to " + std::to_string(end),
                 std::to_string(size_) + " bytes");
  };
  if (!inside(offset, into.size(), size_)) return cut_short();
  while (!into.empty()) {
    const ssize_t got = ::pread(fd_, into.data(), into.size(), static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return system_error(errno, folder_);
    if (got == 0) return cut_short();
    offset += static_cast<std::uint64_t>(got);
    into = into.subspan(static_cast<std::size_t>(got));
  }
  return {};
}

}  // namespace sallyport
