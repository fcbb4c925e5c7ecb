// SPDX-License-Identifier: Apache-2.0
// Whether bytes are the ones that metadata names. Every hash of a known algorithm has to fit, and at least one
// has to be known. tuf_digest_mismatch.
#pragma once

#include <array>

#include "core/trust/tuf/metadata.h"

namespace sallyport::tuf {

// Length and hashes where they are given; where they are not, the version has to do.
Result<void> check_file(const MetaFile& wanted, BytesView bytes, std::string_view name);

// A target, in parts of any size.
class TargetCheck {
 public:
  TargetCheck(const TargetFile& wanted, std::string name);
  // Refuses as soon as there is more than there may be.
  Result<void> feed(BytesView part);
  Result<void> finish();

 private:
  TargetFile wanted_;
  std::string name_;
  std::uint64_t size_ = 0;
  std::map<std::string, Hasher> hashers_;
};

}  // namespace sallyport::tuf
