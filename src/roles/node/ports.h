// SPDX-License-Identifier: Apache-2.0
// What the node's commands work with.
#pragma once

#include <string>

#include "adapters/disk/port.h"
#include "adapters/services/port.h"
#include "core/base/progress.h"
#include "core/base/time.h"
#include "core/base/workers.h"

namespace sallyport::node {

struct Ports {
  Disk& disk;  // the node's root
  Services& services;
  Workers& workers;
  std::string root;          // the same folder as a path: for the services
  std::string architecture;  // uname -m
  Instant now;               // read once for the whole command
  Progress& progress = no_progress;
};

}  // namespace sallyport::node
