// SPDX-License-Identifier: Apache-2.0
// Tries the known ways past a gate on this host, with files that do nothing, in a folder of the file system that is
// watched. Whatever it makes it takes away again. docs/spec/gate.md, *Holes*.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/format/gate_ways.h"

namespace sallyport {

// `program` is what a harmless copy is made of; its copies are executed with the argument "--help". `join` makes the
// calling process one of a service's; it says whether it could. Empty: there is no service.
struct ProbeTools {
  std::string folder;
  std::string program;
  std::function<bool()> join;
};

// Each way of core/format/gate_ways.h once, in its order.
Result<std::vector<Hole>> probe_holes(const ProbeTools& tools);

}  // namespace sallyport
