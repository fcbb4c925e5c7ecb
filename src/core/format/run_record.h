// SPDX-License-Identifier: Apache-2.0
// run/<service>.json: which process a service was last started as, and what confines it. Written by
// `node run`, read by whoever stops, checks or reports the service. docs/spec/run.md has the bytes.
//
// It is a hint and never proof: a process is the recorded one only while the start time fits as well.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/bytes.h"
#include "core/base/id.h"
#include "core/base/result.h"

namespace sallyport {

// A process id is used again, the pair is not.
struct ProcessIdentity {
  int pid;
  std::uint64_t start_ticks;  // since boot: field 22 of /proc/<pid>/stat

  bool operator==(const ProcessIdentity&) const = default;
};

enum class Force : std::uint8_t { in_force, not_available };

// One protection, and whether it holds on this host.
struct Coverage {
  std::string facility;  // e.g. "memory-deny-write-execute"
  Force force;
  std::string detail;  // what it does, or why it is not there

  bool operator==(const Coverage&) const = default;
};

struct RunRecord {
  ServiceId service;
  std::uint64_t generation;
  ProcessIdentity process;
  std::vector<Coverage> coverage;
  std::vector<std::string> closed = {};  // ways out (service_ways.h) that were tried before it was started

  bool operator==(const RunRecord&) const = default;
};

constexpr std::uint64_t run_record_size_max = 64U << 10U;

std::string print_run_record(const RunRecord& record);
Result<RunRecord> parse_run_record(BytesView json);

}  // namespace sallyport
