// SPDX-License-Identifier: Apache-2.0
// The threads behind core/base/workers.h: as many pieces at a time as this process may use CPUs
// (sched_getaffinity), the caller being one of them. With one CPU no thread is made and everything runs on
// the caller.
#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include "core/base/workers.h"

namespace sallyport {

// CPUs that the scheduler lets this process use; at least 1.
std::size_t usable_cpus();

// run() may be called from several threads, and from within a piece: whoever finds the threads taken does
// its pieces itself, so that nothing waits for itself.
class ThreadWorkers final : public Workers {
 public:
  explicit ThreadWorkers(std::size_t width = usable_cpus());
  ~ThreadWorkers() override;
  ThreadWorkers(const ThreadWorkers&) = delete;
  ThreadWorkers& operator=(const ThreadWorkers&) = delete;

  std::size_t width() const override { return threads_.size() + 1; }
  Result<void> run(std::size_t count, const std::function<Result<void>(std::size_t)>& piece) override;

 private:
  struct Job;
  void serve();

  std::atomic_flag taken_;  // by the one caller whose job the threads work on
  std::mutex mutex_;        // guards what follows
  std::condition_variable changed_;
  Job* job_ = nullptr;
  std::uint64_t generation_ = 0;  // of the job, so that a thread joins each job once
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace sallyport
