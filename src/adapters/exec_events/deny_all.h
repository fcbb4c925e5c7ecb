// SPDX-License-Identifier: Apache-2.0
// The process that denies whatever is executed on file systems whose contents are not the kernel's own (FUSE, overlay,
// NFS and their like). What such a file contains changes from one reading to the next, so measuring says nothing; and
// to open or close it may wait for ever for whoever serves it. So nothing of it is touched: a reader of fanotify that
// has no descriptor left is told of no question, and the kernel denies it (fanotify(7), EMFILE).
#pragma once

#include "adapters/exec_events/shared_board.h"

namespace sallyport {

// In a process of its own, made by fork from the custodian; ends with it.
[[noreturn]] void deny_all(int group, SharedBoard& board, int custodian);

}  // namespace sallyport
