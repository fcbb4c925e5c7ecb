// SPDX-License-Identifier: Apache-2.0
// `node run`: one service of the active generation, in the foreground. docs/spec/run.md.
//
// Nothing starts that was not verified just before: the whole generation, not the service's files alone (TS
// 33.527: one bad image refuses all of it). Takes no lock of the node: whoever installs or rolls back starts
// services by this very command while holding it.
#pragma once

#include <memory>
#include <string>

#include "adapters/confine/port.h"
#include "adapters/disk/port.h"
#include "core/base/id.h"
#include "core/base/workers.h"
#include "roles/node/gate_terms.h"
#include "roles/node/verify.h"

namespace sallyport::node {

struct RunPorts {
  Disk& disk;  // the node's root
  Gate& gate;
  Workers& workers;
  std::string root;  // the same folder as an absolute path
  GroupNeed group_need = GroupNeed::wanted;
  int custodian = 0;                            // process of the gate that runs; 0: none does
  std::vector<std::string> wanted_closed = {};  // ways out of a service, as the policy says
};

struct RunningService {
  install::GenerationNumber generation;
  Verified<trust::Release> release;
  std::unique_ptr<ConfinedService> process;
};

// How a service of the verified tree is confined. `argv[0]` that is an interpreter, or a script, declares that the
// service runs scripts as much as its exception does.
Result<Confinement> confinement_of(const RunPorts& ports, install::GenerationNumber generation,
                                   const Tree& tree, const ServiceId& name);

// Verifies, confines, starts, and writes run/<service>.json. Refused with the finding's own code when the
// generation is not what was signed; service_unknown when it has no such service; exception_not_allowed when it opens a
// way that is wanted closed; gate_hole_open when one is open: they are tried before, confined as the service will be.
Result<RunningService> start_service(const RunPorts& ports, const ServiceId& name);

// Whether the gate that runs knows the service's processes, by the number that their group has now; else not_yet.
Result<Admission> group_admission(Disk& disk, Gate& gate, const std::string& root, const ServiceId& name);

// Verifies and starts nothing: what start_service() would start the service from.
Result<install::GenerationNumber> preview_service(Disk& disk, Workers& workers, const ServiceId& name);

// Waits for its end. service_ended unless it exited with 0, or by the signal that it was asked to end with.
Result<void> attend(RunningService& running, const ServiceId& name);

}  // namespace sallyport::node
