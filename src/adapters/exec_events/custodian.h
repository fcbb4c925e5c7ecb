// SPDX-License-Identifier: Apache-2.0
// The processes of a gate. The custodian holds the watch and does nothing else; below it one process answers
// and one keeps the books. docs/spec/gate.md, *Fail closed*.
//
//   custodian ─┬─ answers     shares all descriptors with the custodian
//              └─ keeps books opens files; never answers
//
// When the one that answers ends or stands still, whoever asks waits, and another takes over. When the
// custodian ends, the one that answers takes its place. Nothing here opens a file.
#pragma once

#include <chrono>
#include <functional>

#include "adapters/exec_events/fanotify.h"

namespace sallyport {

struct GateCrew {
  // Answers until `go_on` says that the custodian is gone.
  std::function<void(ExecEvents&, const std::function<bool()>& go_on)> answer;
  // Runs for ever; the custodian's process is named to it.
  std::function<void(int custodian)> keep_books;
  std::chrono::milliseconds silence_max{2000};  // without a beat, until another takes over
};

// Returns, in the custodian, after SIGTERM or SIGINT. Makes processes by fork: the caller has one thread.
Result<void> hold_watch(const FanotifyWatch& watch, SharedBoard& board, const GateCrew& crew);

}  // namespace sallyport
