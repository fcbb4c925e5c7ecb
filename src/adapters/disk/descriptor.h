// SPDX-License-Identifier: Apache-2.0
// A file descriptor that closes itself, and the one way in which descriptors below a root are opened.
#pragma once

#include <string>
#include <utility>

#include "core/base/result.h"

namespace sallyport {

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Descriptor();
  int get() const { return fd_; }
  int release() { return std::exchange(fd_, -1); }

 private:
  int fd_;
};

// openat2 with RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_XDEV; "" is the root itself.
Result<Descriptor> open_beneath(int root, const std::string& path, int flags, unsigned mode = 0);

}  // namespace sallyport
