// SPDX-License-Identifier: Apache-2.0
#include "apps/sallyport/gate_watch.h"

#include <chrono>
#include <thread>

#include "adapters/disk/file_system.h"
#include "adapters/services/manager.h"

namespace sallyport::cli {
namespace {

constexpr auto lock_pause = std::chrono::milliseconds(50);
constexpr int lock_tries_max = 40;
constexpr const char* watch_name = "gate-watch";
constexpr const char* lock_name = "gate-lock";
constexpr const char* terms_name = "gate-terms-1";  // the number is of their form

// Whoever asks whether a gate runs (`node gate status`, `node run`) tries the lock for a moment, and is no gate.
Result<Descriptor> lock_of_gates(PosixDisk& disk, const std::string& lock) {
  auto held = disk.lock_descriptor(lock);
  for (int i = 1; i < lock_tries_max && !held.ok() && held.error().code == Code::node_busy; ++i) {
    std::this_thread::sleep_for(lock_pause);
    held = disk.lock_descriptor(lock);
  }
  if (!held.ok() && held.error().code == Code::node_busy)
    return Error(Code::gate_running, lock, "no gate of this node", "one that holds the lock");
  return held;
}

}  // namespace

Result<std::unique_ptr<GateWatch>> GateWatch::left_behind(SharedBoard& board) {
  const auto kept = kept_by_manager();
  if (!kept.contains(watch_name) || !kept.contains(lock_name)) return std::unique_ptr<GateWatch>();
  // Of a program that knows them in another form: nothing is listed until the books are read.
  const bool known = kept.contains(terms_name);
  auto terms = known ? TRY(KeptTerms::of(kept.at(terms_name))) : TRY(KeptTerms::create());
  if (!known) TRY(keep_with_manager(terms_name, terms->descriptor()));
  TRY(board.publish(terms->read()));
  board.count_restart();  // an event, as when one of its processes was killed alone
  return std::unique_ptr<GateWatch>(new GateWatch(FanotifyWatch::left_behind(kept.at(watch_name)),
                                                  Descriptor(kept.at(lock_name)), std::move(terms)));
}

Result<std::unique_ptr<GateWatch>> GateWatch::begin(PosixDisk& disk, const std::string& lock) {
  TRY(disk.ensure_folder(parent_of(lock)));
  auto descriptor = TRY(lock_of_gates(disk, lock));
  auto watch = TRY(FanotifyWatch::open());
  auto terms = TRY(KeptTerms::create());
  return std::unique_ptr<GateWatch>(new GateWatch(std::move(watch), std::move(descriptor), std::move(terms)));
}

Result<void> GateWatch::add(const std::string& root, const SharedBoard& board) {
  keep_terms(board);
  TRY(keep_with_manager(lock_name, lock_.get()));
  TRY(keep_with_manager(terms_name, terms_->descriptor()));
  TRY(watch_->add(root));
  TRY(changes_by_this_kernel_alone(root));
  return keep_with_manager(watch_name, watch_->descriptor());
}

void GateWatch::keep_terms(const SharedBoard& board) {
  if (kept_ == board.published()) return;
  terms_->write(board.newest());
  kept_ = board.published();
}

}  // namespace sallyport::cli
