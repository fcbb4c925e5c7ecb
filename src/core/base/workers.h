// SPDX-License-Identifier: Apache-2.0
// Doing several things at once, as a port: core says which pieces of work are independent, and an adapter
// (adapters/host/workers.h) has the threads. `InlineWorkers` does one after the other.
#pragma once

#include <cstddef>
#include <functional>

#include "core/base/result.h"

namespace sallyport {

class Workers {
 public:
  virtual ~Workers() = default;
  // How many pieces can make progress at the same time; at least 1.
  virtual std::size_t width() const = 0;
  // Calls piece(0) … piece(count - 1), in any order and possibly at the same time, and returns when all have
  // returned. The error of the lowest index that failed is the result; pieces may be left out after a
  // failure.
  virtual Result<void> run(std::size_t count, const std::function<Result<void>(std::size_t)>& piece) = 0;
};

class InlineWorkers final : public Workers {
 public:
  std::size_t width() const override { return 1; }
  Result<void> run(std::size_t count, const std::function<Result<void>(std::size_t)>& piece) override {
    for (std::size_t i = 0; i < count; ++i) TRY(piece(i));
    return {};
  }
};

}  // namespace sallyport
