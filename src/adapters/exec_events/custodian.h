// SPDX-License-Identifier: Apache-2.0
// The processes of a gate. The custodian holds the watch and does nothing else; below it one process answers
// and one keeps the books. docs/spec/gate.md, *Fail closed*.
//
//   custodian ─┬─ answers     shares all descriptors with the custodian
//              └─ keeps books opens files; never answers
//
// When the one that answers ends or stands still, whoever asks waits, and another takes over. When the
// custodian ends or stands still, the one that answers takes its place. Nothing here opens a file.
#pragma once

#include "adapters/exec_events/answering.h"

namespace sallyport {

// Returns, in the custodian, after SIGTERM or SIGINT. Makes processes by fork: the caller has one thread.
Result<void> hold_watch(const FanotifyWatch& watch, SharedBoard& board, const GateCrew& crew);

}  // namespace sallyport
