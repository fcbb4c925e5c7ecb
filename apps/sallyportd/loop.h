// SPDX-License-Identifier: Apache-2.0
// A thread that does the same thing again and again, with the pauses that it asks for.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <thread>

namespace sallyport::sallyportd {

class Loop {
 public:
  // `step` returns for how many seconds nothing is to be done.
  explicit Loop(std::function<std::int64_t()> step);
  ~Loop();  // ends when the step at hand is done
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

 private:
  void run();
  std::function<std::int64_t()> step_;
  std::mutex mutex_;  // of the next two
  std::condition_variable changed_;
  bool is_ending_ = false;
  std::thread thread_;
};

}  // namespace sallyport::sallyportd
