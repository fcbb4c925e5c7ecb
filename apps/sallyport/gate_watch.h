// SPDX-License-Identifier: Apache-2.0
// What a gate holds besides its board: the watch, the lock that says that it runs, and its terms for the one that comes
// after it. A service manager that has started the gate holds all three too: when all processes of the gate are killed
// at once, whoever asks waits, and the next gate goes on where this one stood. docs/spec/gate.md, *Fail closed*.
#pragma once

#include <memory>
#include <string>

#include "adapters/disk/posix.h"
#include "adapters/exec_events/kept_terms.h"
#include "adapters/exec_events/shared_board.h"
#include "adapters/exec_events/watch.h"

namespace sallyport::cli {

class GateWatch {
 public:
  // What the gate before has left behind, its terms published. Null: nothing. Opens no file: it would wait for itself.
  static Result<std::unique_ptr<GateWatch>> left_behind(SharedBoard& board);
  // Takes the lock; gate_running: somebody has it.
  static Result<std::unique_ptr<GateWatch>> begin(PosixDisk& disk, const std::string& lock);

  // From here on the folder's file system is watched, by the terms that are published.
  Result<void> add(const std::string& root, const SharedBoard& board);
  // After each look into the books, by the one that keeps them.
  void keep_terms(const SharedBoard& board);
  const FanotifyWatch& watch() const { return *watch_; }

 private:
  GateWatch(std::unique_ptr<FanotifyWatch> watch, Descriptor lock, std::unique_ptr<KeptTerms> terms)
      : watch_(std::move(watch)), lock_(std::move(lock)), terms_(std::move(terms)) {}

  std::unique_ptr<FanotifyWatch> watch_;
  Descriptor lock_;
  std::unique_ptr<KeptTerms> terms_;
  std::uint64_t kept_ = 0;  // of the published terms
};

}  // namespace sallyport::cli
