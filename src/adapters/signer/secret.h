// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "core/base/result.h"

namespace sallyport {

// Text that is wiped when it goes.
class Secret {
 public:
  explicit Secret(std::string text) : text_(std::move(text)) {}
  Secret(Secret&& other) noexcept : text_(std::move(other.text_)) {}
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  ~Secret();

  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

// The whole of a file that its owner alone can read or write (else key_unusable), of at most `size_max`
// bytes.
Result<Secret> read_secret(const std::string& path, std::size_t size_max);

}  // namespace sallyport
