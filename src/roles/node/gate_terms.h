// SPDX-License-Identifier: Apache-2.0
// What a node's gate may let run, from the node's own books: the files of the active generation, and during a
// switch, of the one that it comes from and of the one that it goes to; and in which mode. docs/spec/gate.md.
#pragma once

#include <string>
#include <vector>

#include "adapters/disk/port.h"
#include "core/base/time.h"
#include "core/format/gate.h"
#include "core/format/gate_status.h"
#include "core/format/policy_gate.h"
#include "core/install/state.h"
#include "roles/node/books.h"

namespace sallyport::node {

namespace gate_paths {
constexpr const char* lock = "run/gate.lock";  // held as long as a process of a gate lives
constexpr const char* status = "run/gate.json";
constexpr const char* mode = "run/gate.mode";  // "observe" or "enforce", with a line end
}  // namespace gate_paths

// The mode that a node's gate has to be in, and who says so.
struct GateOrders {
  GateMode mode;
  std::optional<GateRule>
      rule;  // of the node's pool in the policy in force; absent: the node's own file says
  std::uint64_t policy_version;
  std::optional<Instant> time_floor;  // a clock behind it is not believed
};

struct GateSet {
  std::uint64_t records;  // of the journal that all of it was made from
  GateOrders orders;
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

// A policy that leaves the node out says nothing of its gate.
Result<GateOrders> gate_orders(Disk& disk);
Result<GateOrders> gate_orders(Disk& disk, const Books& books);

// The node's own: enforce where nothing is written down.
Result<GateMode> gate_mode(Disk& disk);
Result<void> set_gate_mode(Disk& disk, GateMode mode);

// Nothing, or gate_mode_fixed: the policy says another one.
std::optional<Error> check_mode(const GateOrders& orders, GateMode wanted);

// Nothing, or gate_observes_too_long.
std::optional<Error> observes_too_long(const GateOrders& orders, Instant clock);

// gate_not_running when no gate runs for the node.
Result<GateStatus> gate_status(Disk& disk);

// gate_hole_open, about these ways.
Error holes_left(const std::vector<std::string>& ways);

// Whether what runs now may be started: a gate that runs must have taken in the journal as it is.
// gate_hole_open: it found a way past it that the policy wants closed.
enum class Admission : std::uint8_t { no_gate, admitted, not_yet };
Result<Admission> admission(Disk& disk);

}  // namespace sallyport::node
