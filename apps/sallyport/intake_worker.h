// SPDX-License-Identifier: Apache-2.0
// This program as the worker that examines one package: docs/spec/scanner.md, *Apart*.
#pragma once

namespace sallyport::cli {

// Everything from the order to the answer; the exit code. Only for a process that adapters/worker/process.h
// has started.
int run_intake_worker();

}  // namespace sallyport::cli
