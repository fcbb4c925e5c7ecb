// SPDX-License-Identifier: Apache-2.0
// Takes away what a generation has on the disk: its files, its package, and the objects of the store that nothing
// but the store's own name links to after that.
//
// Its tree.json tells which objects those may be, so that the cost is that of what goes; only where tree.json is
// not there or cannot be read, the whole store is looked at. Done twice it finds nothing the second time.
#pragma once

#include <string>

#include "adapters/disk/port.h"
#include "core/base/workers.h"

namespace sallyport::node {

// `folder` is one below generations/; its papers stay, the rest goes. Missing is no error. Not synced.
Result<void> clear_generation(Disk& disk, const std::string& folder, Workers& workers);

// objects/…, all of them.
Result<std::vector<std::string>> object_paths(Disk& disk);

}  // namespace sallyport::node
