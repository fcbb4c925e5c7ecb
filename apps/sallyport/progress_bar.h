// SPDX-License-Identifier: Apache-2.0
// One line on standard error that says how far a long piece of work is: on a terminal only, without colours or
// escape sequences, and gone without trace when the work is over. Short work shows none.
#pragma once

#include <atomic>
#include <chrono>
#include <mutex>
#include <string>

#include "core/base/progress.h"

namespace sallyport::cli {

// "checking   [#####               ]  25%  0.5 of 2.0 GiB  310.0 MiB/s  5 s left". A rate of 0 is not known yet;
// without a total it is the word alone.
std::string progress_line(std::string_view what, std::uint64_t done, std::uint64_t total,
                          std::uint64_t bytes_per_second);

class ProgressBar final : public Progress {
 public:
  ProgressBar();
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;
  ~ProgressBar() override;  // clears the line

  void begin(std::string_view what, std::uint64_t bytes) override;
  void add(std::uint64_t bytes) override;

 private:
  using Clock = std::chrono::steady_clock;
  void draw(Clock::time_point now);
  void show(std::string line);

  enum class Shown : std::uint8_t { on_terminal, never };
  const Shown shown_;
  std::atomic<std::uint64_t> done_ = 0;
  std::atomic<Clock::rep> next_draw_;
  std::mutex mutex_;  // guards what follows
  std::string what_;
  std::uint64_t total_ = 0;
  Clock::time_point begun_;
  std::string line_;  // that stands on the terminal
};

}  // namespace sallyport::cli
