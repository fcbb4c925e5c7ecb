// SPDX-License-Identifier: Apache-2.0
// A thread that works on packages, one after the other, and one beside it that keeps its claim alive.
#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

#include "roles/server/process.h"

namespace sallyport::sallyportd {

class Worker {
 public:
  // One package: process_one or fetch_one.
  using Step =
      std::function<Result<server::Worked>(const server::Claimed& claimed, const server::GoesOn& goes_on)>;
  Worker(server::World& world, std::string holder, Step step);
  ~Worker();  // ends when the package at hand is done
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  // From any thread.
  void end();  // begins no other package
  bool has_ended() const { return has_ended_; }
  void give_back();  // the package at hand is for another server, whatever this one still does

 private:
  void work();
  void keep_claim();
  enum class Ending : std::uint8_t { no, yes };
  Ending wait(std::int64_t seconds);
  std::string claimed();

  server::World& world_;
  const std::string holder_;
  const Step step_;
  std::mutex mutex_;  // of the next three
  std::condition_variable changed_;
  std::string claimed_;  // package; empty: none
  bool is_ending_ = false;
  std::atomic<bool> has_ended_ = false;
  std::thread work_;
  std::thread claim_;
};

}  // namespace sallyport::sallyportd
