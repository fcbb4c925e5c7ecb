// SPDX-License-Identifier: Apache-2.0
#include "apps/sallyportd/loop.h"

#include <chrono>

namespace sallyport::sallyportd {

Loop::Loop(std::function<std::int64_t()> step) : step_(std::move(step)) {
  thread_ = std::thread([this] { run(); });
}

Loop::~Loop() {
  {
    const std::lock_guard lock(mutex_);
    is_ending_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void Loop::run() {
  while (true) {
    const auto pause = step_();
    std::unique_lock lock(mutex_);
    if (changed_.wait_for(lock, std::chrono::seconds(pause), [this] { return is_ending_; })) return;
  }
}

}  // namespace sallyport::sallyportd
