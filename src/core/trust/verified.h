// SPDX-License-Identifier: Apache-2.0
// Proof in types. A Verified<T> can be made by core/trust and by nobody else: its constructor is private and
// its only friend, trust::Mint, is defined inside core/trust/*.cpp. Facts are copied; they are never
// serialised: every process verifies the bytes again.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/base/check.h"
#include "core/base/time.h"

namespace sallyport {
namespace trust {
struct Mint;
}

struct Evidence {
  Instant at;  // the time as of which was verified
  std::uint64_t policy_version;
  std::vector<Check> checks;
};

template <class T>
class Verified {
 public:
  Verified(const Verified&) = default;  // copy only: no hollow moved-from proof
  Verified& operator=(const Verified&) = default;
  ~Verified() = default;

  const T& operator*() const { return inner_->first; }
  const T* operator->() const { return &inner_->first; }
  const Evidence& evidence() const { return inner_->second; }

 private:
  friend struct trust::Mint;
  Verified(T value, Evidence evidence)
      : inner_(std::make_shared<const std::pair<T, Evidence>>(std::move(value), std::move(evidence))) {}
  std::shared_ptr<const std::pair<T, Evidence>> inner_;
};

}  // namespace sallyport
