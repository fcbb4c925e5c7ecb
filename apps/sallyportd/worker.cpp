// SPDX-License-Identifier: Apache-2.0
#include "apps/sallyportd/worker.h"

#include <chrono>

namespace sallyport::sallyportd {
namespace {

constexpr std::int64_t look_seconds = 1;
constexpr std::int64_t keep_seconds = server::claim_seconds / 4;
constexpr std::int64_t after_fault_seconds = 5;

}  // namespace

Worker::Worker(server::World& world, std::string holder, Step step)
    : world_(world), holder_(std::move(holder)), step_(std::move(step)) {
  work_ = std::thread([this] { work(); });
  claim_ = std::thread([this] { keep_claim(); });
}

Worker::~Worker() {
  end();
  work_.join();
  claim_.join();
}

void Worker::end() {
  {
    const std::lock_guard lock(mutex_);
    is_ending_ = true;
  }
  changed_.notify_all();
}

void Worker::give_back() {
  const auto id = claimed();
  if (!id.empty()) static_cast<void>(world_.db.keep_claim(id, holder_, world_.clock.now()).ok());
}

std::string Worker::claimed() {
  const std::lock_guard lock(mutex_);
  return claimed_;
}

Worker::Ending Worker::wait(std::int64_t seconds) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, std::chrono::seconds(seconds), [this] { return is_ending_; });
  return is_ending_ ? Ending::yes : Ending::no;
}

void Worker::work() {
  std::int64_t pause = 0;
  while (wait(pause) == Ending::no) {
    const auto claims = [this](const std::string& id) {
      const std::lock_guard lock(mutex_);
      claimed_ = id;
    };
    const auto worked = step_(claims, [this] {
      const std::lock_guard lock(mutex_);
      return !is_ending_;
    });
    pause = !worked.ok()                                   ? after_fault_seconds
            : worked.value() == server::Worked::on_nothing ? look_seconds
                                                           : 0;
  }
  has_ended_ = true;
}

void Worker::keep_claim() {
  while (wait(keep_seconds) == Ending::no) {
    const auto id = claimed();
    if (id.empty()) continue;
    // What cannot be renewed runs out, and another server does the work.
    static_cast<void>(world_.db.keep_claim(id, holder_, world_.clock.now().plus(server::claim_seconds)).ok());
  }
}

}  // namespace sallyport::sallyportd
