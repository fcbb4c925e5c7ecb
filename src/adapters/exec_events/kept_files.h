// SPDX-License-Identifier: Apache-2.0
// What the kernel need not ask about again: an ignore mark for each such file, under a read lease of ours. The mark
// alone would miss a store through a shared mapping (docs/spec/gate.md); the lease is refused while anybody can
// write, and asked back before anybody can.
//
// What holds at every moment: where there is a mark, there is a lease. So a mark is made under a lease that is held,
// and goes before it.
#pragma once

#include <array>
#include <atomic>

#include "adapters/exec_events/shared_board.h"
#include "adapters/exec_events/watch.h"

namespace sallyport {

class KeptFiles {
 public:
  static constexpr int kept_max = gate_descriptors_max / 2;

  KeptFiles(const FanotifyWatch& watch, SharedBoard& board) : watch_(watch), board_(board) {}
  KeptFiles(const KeptFiles&) = delete;
  KeptFiles& operator=(const KeptFiles&) = delete;

  // For the worker that has this descriptor, in this order. Any number of workers, without waiting for each other.
  bool hold(int descriptor);                   // false: somebody can write to the file
  static bool is_wholly_ours(int descriptor);  // what is held: its lease is not asked back
  bool mark(int descriptor);                   // what is held. False: there is no room
  bool keep(int descriptor);                   // what is marked. True: it is ours now; false: it is let go of
  void let_go(int descriptor);                 // of what is held, and not marked

  // For one thread, the overseer.
  static int lease_signal();  // comes with the number of a descriptor whose lease is asked back
  void lease_broken(int descriptor);
  void forget_all();
  bool full() const { return count_.load(std::memory_order_relaxed) >= kept_max; }

 private:
  // free: nothing is known of it; broken: held, and asked back meanwhile; leaving: the overseer lets go of it.
  enum class State : std::uint8_t { free, held, broken, kept, leaving };
  std::atomic<State>& state(int descriptor) { return states_.at(static_cast<std::size_t>(descriptor)); }
  void release(int descriptor);

  const FanotifyWatch& watch_;
  SharedBoard& board_;
  std::atomic<int> count_ = 0;
  std::array<std::atomic<State>, gate_descriptors_max> states_{};
};

}  // namespace sallyport
