// SPDX-License-Identifier: Apache-2.0
// An order file to which signatures are added: locked while it is read, signed and replaced, so that two
// persons who sign at the same time do not lose each other's signature.
#pragma once

#include <string>

#include "core/base/bytes.h"

namespace sallyport::cli {

class OrderFile {
 public:
  static Result<OrderFile> open(const std::string& path);
  OrderFile(OrderFile&& other) noexcept;
  OrderFile& operator=(OrderFile&&) = delete;
  ~OrderFile();  // unlocks

  BytesView content() const { return content_; }
  Result<void> replace(BytesView content) const;

 private:
  OrderFile(std::string path, int fd) : path_(std::move(path)), fd_(fd) {}
  std::string path_;
  int fd_;
  Bytes content_;
};

}  // namespace sallyport::cli
