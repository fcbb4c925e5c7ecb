// SPDX-License-Identifier: Apache-2.0
#include "adapters/host/workers.h"

#include <sched.h>

#include <algorithm>
#include <csignal>
#include <optional>
#include <system_error>

#include "core/base/library_fault.h"

namespace sallyport {

struct ThreadWorkers::Job {
  std::size_t count;
  const std::function<Result<void>(std::size_t)>& piece;
  std::mutex mutex{};
  std::condition_variable left{};
  std::size_t next = 0;
  std::size_t inside = 0;  // threads that may still touch this job
  std::size_t failed_index = 0;
  std::optional<Error> failure{};

  // Indices are handed out in order, so when one fails all lower ones are under way: the lowest failure
  // is known once everybody has left.
  void work() {
    for (;;) {
      std::size_t index = 0;
      {
        const std::lock_guard lock(mutex);
        if (failure || next == count) return;
        index = next++;
      }
      // What leaves a thread would end the process.
      auto done = attempt([&] { return piece(index); });
      if (done.ok()) continue;
      const std::lock_guard lock(mutex);
      if (!failure || index < failed_index) {
        failed_index = index;
        failure = std::move(done).take_error();
      }
    }
  }
};

std::size_t usable_cpus() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (::sched_getaffinity(0, sizeof set, &set) != 0) return 1;
  return static_cast<std::size_t>(std::max(1, CPU_COUNT(&set)));
}

ThreadWorkers::ThreadWorkers(std::size_t width) {
  // Signals are for the caller's threads, which may wait for them: these here take none.
  sigset_t all;
  sigset_t before;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  try {
    for (std::size_t i = 1; i < width; ++i) threads_.emplace_back([this] { serve(); });
  } catch (const std::system_error&) {
    // No room for more threads: those that there are do the work, if need be the caller alone.
  }
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

ThreadWorkers::~ThreadWorkers() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  for (auto& thread : threads_) thread.join();
}

void ThreadWorkers::serve() {
  std::uint64_t seen = 0;
  for (;;) {
    Job* job = nullptr;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [&] { return stopping_ || (job_ != nullptr && generation_ != seen); });
      if (stopping_) return;
      seen = generation_;
      job = job_;
      const std::lock_guard inside(job->mutex);
      ++job->inside;
    }
    job->work();
    const std::lock_guard lock(job->mutex);
    if (--job->inside == 0) job->left.notify_all();
  }
}

Result<void> ThreadWorkers::run(std::size_t count, const std::function<Result<void>(std::size_t)>& piece) {
  if (threads_.empty() || count < 2 || taken_.test_and_set()) return InlineWorkers().run(count, piece);
  Job job{count, piece};
  {
    const std::lock_guard lock(mutex_);
    job_ = &job;
    ++generation_;
  }
  changed_.notify_all();
  job.work();
  {
    const std::lock_guard lock(mutex_);
    job_ = nullptr;  // nobody joins any more
  }
  std::unique_lock lock(job.mutex);
  job.left.wait(lock, [&] { return job.inside == 0; });
  taken_.clear();
  if (job.failure) return std::move(*job.failure);
  return {};
}

}  // namespace sallyport
