// SPDX-License-Identifier: Apache-2.0
#include "apps/sallyport/order_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "adapters/disk/file_source.h"
#include "adapters/disk/output_file.h"
#include "core/format/dsse.h"

namespace sallyport::cli {
namespace {

// The name may have been given to a new file while we waited for the lock on the old one.
enum class Named : std::uint8_t { still, no_longer };

Named still_named(const std::string& path, int fd) {
  struct stat held {};
  struct stat named {};
  const bool same = ::fstat(fd, &held) == 0 && ::stat(path.c_str(), &named) == 0 &&
                    held.st_dev == named.st_dev && held.st_ino == named.st_ino;
  return same ? Named::still : Named::no_longer;
}

}  // namespace

OrderFile::OrderFile(OrderFile&& other) noexcept
    : path_(std::move(other.path_)), fd_(std::exchange(other.fd_, -1)), content_(std::move(other.content_)) {}

OrderFile::~OrderFile() {
  if (fd_ >= 0) ::close(fd_);
}

Result<OrderFile> OrderFile::open(const std::string& path) {
  while (true) {
    OrderFile file(path, ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (file.fd_ < 0) return Error(Code::file_missing, path, "an order file", std::strerror(errno));
    if (::flock(file.fd_, LOCK_EX) != 0) return Error(Code::io_failed, path, "a lock", std::strerror(errno));
    if (still_named(path, file.fd_) == Named::no_longer) continue;
    file.content_ = TRY(read_whole_file(path, envelope_size_max));
    return file;
  }
}

Result<void> OrderFile::replace(BytesView content) const {
  return replace_whole_file(path_, content, Readers::by_umask);
}

}  // namespace sallyport::cli
