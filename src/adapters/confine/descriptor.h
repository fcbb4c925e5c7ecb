// SPDX-License-Identifier: Apache-2.0
// A file descriptor that closes itself, and what errno means to us.
#pragma once

#include <string>
#include <utility>

#include "core/base/error.h"

namespace sallyport::confine {

class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    reset(std::exchange(other.fd_, -1));
    return *this;
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { reset(); }

  int get() const { return fd_; }
  bool open() const { return fd_ >= 0; }
  void reset(int fd = -1);

 private:
  int fd_ = -1;
};

// The fault that errno stands for: the kernel lacks the call, the caller may not, or it simply failed.
Error system_error(std::string where, int number);
// The same for the errno of the call before.
Error last_error(std::string where);

}  // namespace sallyport::confine
