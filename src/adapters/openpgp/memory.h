// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <utility>

#include "adapters/openpgp/port.h"

namespace sallyport {

// Answers that a test lays down.
class MemoryOpenPgp final : public OpenPgp {
 public:
  explicit MemoryOpenPgp(OpenPgpAnswer answer) : answer_(std::move(answer)) {}
  Result<OpenPgpAnswer> verify_detached(BytesView, BytesView, const ByteSource&) override { return answer_; }
  Result<OpenPgpAnswer> verify_clear(BytesView, BytesView, std::size_t) override { return answer_; }

 private:
  OpenPgpAnswer answer_;
};

}  // namespace sallyport
