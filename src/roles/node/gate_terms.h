// SPDX-License-Identifier: Apache-2.0
// What a node's gate may let run, from the node's own books: the files of the active generation, and during a
// switch, of the one that it comes from and of the one that it goes to. docs/spec/gate.md.
#pragma once

#include <string>
#include <vector>

#include "adapters/disk/port.h"
#include "core/format/gate.h"
#include "core/format/gate_status.h"
#include "core/install/state.h"

namespace sallyport::node {

namespace gate_paths {
constexpr const char* lock = "run/gate.lock";  // held as long as a process of a gate lives
constexpr const char* status = "run/gate.json";
constexpr const char* mode = "run/gate.mode";  // "observe" or "enforce", with a line end
}  // namespace gate_paths

struct GateSet {
  std::uint64_t records;  // of the journal that it was made from
  std::vector<install::GenerationNumber> generations;
  std::vector<ServiceId> services;
  std::vector<ListedFile> files;  // sorted
};

// Proves each generation's tree again, by the vendor's signature; its files are measured when they are used.
// Nothing active: an empty set, under which nothing is executed.
Result<GateSet> gate_set(Disk& disk);

std::vector<install::GenerationNumber> generations_to_run(const install::State& state);

// The control group of a service: "sallyport-<of the root>/<service>".
std::string service_group(const std::string& root, const ServiceId& service);

// enforce where nothing is written down.
Result<GateMode> gate_mode(Disk& disk);
Result<void> set_gate_mode(Disk& disk, GateMode mode);

// gate_not_running when no gate runs for the node.
Result<GateStatus> gate_status(Disk& disk);

// Whether what runs now may be started: a gate that runs must have taken in the journal as it is.
enum class Admission : std::uint8_t { no_gate, admitted, not_yet };
Result<Admission> admission(Disk& disk);

}  // namespace sallyport::node
