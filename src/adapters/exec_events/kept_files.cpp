// SPDX-License-Identifier: Apache-2.0
#include "adapters/exec_events/kept_files.h"

#include <fcntl.h>
#include <unistd.h>

#include <csignal>

namespace sallyport {

int KeptFiles::lease_signal() {
  return SIGRTMIN + 1;
}

bool KeptFiles::hold(int descriptor) {
  // Before the lease is there, so that nobody misses that it is broken.
  state(descriptor).store(State::held);
  const bool held = ::fcntl(descriptor, F_SETOWN, ::getpid()) == 0 &&
                    ::fcntl(descriptor, F_SETSIG, lease_signal()) == 0 &&
                    ::fcntl(descriptor, F_SETLEASE, F_RDLCK) == 0;
  if (!held) state(descriptor).store(State::free);
  return held;
}

bool KeptFiles::is_wholly_ours(int descriptor) {
  return ::fcntl(descriptor, F_GETLEASE) == F_RDLCK;
}

void KeptFiles::let_go(int descriptor) {
  state(descriptor).store(State::free);
  ::fcntl(descriptor, F_SETLEASE, F_UNLCK);
}

bool KeptFiles::mark(int descriptor) {
  return !full() && watch_.ignore(descriptor);
}

bool KeptFiles::keep(int descriptor) {
  board_.set_known(descriptor, true);
  count_.fetch_add(1, std::memory_order_relaxed);
  auto held = State::held;
  if (state(descriptor).compare_exchange_strong(held, State::kept)) return true;
  count_.fetch_sub(1, std::memory_order_relaxed);
  board_.set_known(descriptor, false);
  watch_.ask_again(descriptor);
  let_go(descriptor);
  return false;
}

void KeptFiles::lease_broken(int descriptor) {
  if (descriptor < 0 || descriptor >= gate_descriptors_max) return;
  auto held = State::held;
  if (state(descriptor).compare_exchange_strong(held, State::broken)) return;
  release(descriptor);
}

// The mark goes first: once the lease is gone, whoever waits for it writes.
void KeptFiles::release(int descriptor) {
  auto kept = State::kept;
  if (!state(descriptor).compare_exchange_strong(kept, State::leaving)) return;
  watch_.ask_again(descriptor);
  ::fcntl(descriptor, F_SETLEASE, F_UNLCK);
  board_.set_known(descriptor, false);
  count_.fetch_sub(1, std::memory_order_relaxed);
  // From here on the number may be that of another file.
  state(descriptor).store(State::free);
  ::close(descriptor);
}

// The marks that stand without a lease (of sealed files) go with the first line, the others with their own.
void KeptFiles::forget_all() {
  watch_.ask_about_all_again();
  for (int descriptor = 0; descriptor < gate_descriptors_max; ++descriptor) release(descriptor);
}

}  // namespace sallyport
