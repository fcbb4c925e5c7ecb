// SPDX-License-Identifier: Apache-2.0
// The root that a confined service sees. Built in a mount namespace of its own, out of mounts that carry
// their restrictions before they can be reached:
//
//   /                          tmpfs, read-only, noexec: holds the mount points, nothing else
//   /<top level of the tree>   the generation: read-only, nosuid, nodev; the only place that may be executed
//   /proc                      of the service's own pid namespace, read-only, noexec
//   /dev                       null zero full random urandom, fd links; read-only, noexec
//   /tmp /run /dev/shm         tmpfs of the service, noexec
//   state folders              of the node's data folder, writable, noexec
//
// A top-level entry of the tree called proc, dev, tmp or run is not shown: those are always the ones above.
#pragma once

#include "adapters/confine/descriptor.h"
#include "adapters/confine/port.h"
#include "core/base/result.h"

namespace sallyport::confine {

// For the first process of new mount and pid namespaces: afterwards "/" is the new root, the old one is out
// of reach, and each mount has been asked whether it is what it should be. `watch` is put over the temporary file
// systems, if it is open. Tells what is now in force. Codes:
// not_supported when the kernel cannot do it, service_start_failed when the tree lacks the place of a state
// folder.
struct NewRoot {
  std::vector<Coverage> coverage;
  std::vector<std::string> code;  // absolute paths below which the generation lies
};
Result<NewRoot> enter_new_root(const Confinement& confinement, const Descriptor& watch);

}  // namespace sallyport::confine
