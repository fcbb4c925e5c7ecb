// SPDX-License-Identifier: Apache-2.0
// The parent of workers: starts this same program again as `PROGRAM intake-worker`, with an empty environment and four
// descriptors, serves what it asks for, and kills it at the deadline.
//
//   examiner_failed   it ended without an answer, was killed, or said too much
//   io_failed         stop() was called
//   not_supported     it could not be started
#pragma once

#include <string>

#include "adapters/worker/descriptor.h"
#include "adapters/worker/port.h"

namespace sallyport {

constexpr const char* worker_word = "intake-worker";

class WorkerProcesses final : public Apart {
 public:
  // Of the program that runs, unless it is another that has the worker in it.
  explicit WorkerProcesses(std::string program = "/proc/self/exe");
  Result<Bytes> run(const ApartJob& job) override;
  // Kills those that run, and none is started any more. From any thread.
  void stop();

 private:
  std::string program_;
  worker::Descriptor stopped_;  // readable from then on
};

}  // namespace sallyport
