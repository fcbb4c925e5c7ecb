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
constexpr const char* ended =
    "run/gate.ended";  // when the last gate was told to end, with a line end; else absent
constexpr const char* mode = "run/gate.mode";  // "observe" or "enforce", with a line end
// Identity of the host's baseline that was found to have all that ran, with a line end.
constexpr const char* covered = "run/gate.host";
}  // namespace gate_paths

// The mode that a node's gate has to be in, and who says so.
struct GateOrders {
  GateMode mode;
  std::optional<GateRule>
      rule;  // of the node's pool in the policy in force; absent: the node's own file says
  std::uint64_t policy_version;
  std::optional<Instant> time_floor;  // a clock behind it is not believed
};

// What the policy wants of the host's own file systems, and what the node has for it.
struct HostOrders {
  GateMode mode;
  std::optional<std::uint64_t> baseline;  // its number; absent: the node has none
  std::optional<Sha256Digest> identity;   // likewise
  std::vector<ListedFile> files;          // sorted
};

struct GateSet {
  std::uint64_t records;  // of the journal that all of it was made from
  GateOrders orders;
  std::vector<install::GenerationNumber> generations;
  std::vector<ServiceId> services;
  std::vector<ListedFile> files;        // sorted
  std::optional<HostOrders> host = {};  // absent: they are nobody's business here
};

// Proves each generation's tree again, by the vendor's signature; its files are measured when they are used. Without
// what was recalled.
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

// When the last gate was told to end; nothing where one runs, or where it was not told.
Result<std::optional<Instant>> gate_ended(Disk& disk);

// gate_hole_open, about these ways.
Error holes_left(const std::vector<std::string>& ways);

// gate_runs_unlisted, about this.
Error runs_unlisted(const UnlistedCode& code);

// The ways that the policy wants closed, if it says that the gate enforces: those past the gate, which the gate tries,
// and those out of a service, which are tried before the service is started.
std::vector<std::string> wanted_of_gate(const GateOrders& orders);
std::vector<std::string> wanted_of_services(const GateOrders& orders);

// gate_absent: the policy says that a gate enforces here, for whoever knows that none runs.
std::optional<Error> gate_absent(const GateOrders& orders);

// Whether what runs now may be started: a gate that runs must have taken in the journal as it is.
// gate_hole_open: it found a way past it that the policy wants closed; gate_absent: the policy demands one.
//
// Whoever stops something in order to start something else asks before: what is refused here would not start either.
enum class Admission : std::uint8_t { no_gate, admitted, not_yet };
Result<Admission> admission(Disk& disk);
Result<Admission> admission(Disk& disk, const Books& books);

}  // namespace sallyport::node
