// SPDX-License-Identifier: Apache-2.0
// What a process may do: user, capabilities, and the protections that it hands on to what it executes.
#pragma once

#include <vector>

#include "adapters/confine/port.h"
#include "core/base/result.h"

namespace sallyport::confine {

// The bits of the capabilities, by their Linux names. Refused (not_supported): a name that this kernel does
// not know.
Result<std::uint64_t> capability_bits(const std::vector<std::string>& names);

// Becomes the service's user with exactly its capabilities, no way to gain others, no core dumps, umask 077,
// default signals and an empty set of supplementary groups. Tells what is in force, each asked of the kernel
// afterwards.
Result<std::vector<Coverage>> become(const Service& service);

// For the process that only waits and hands on signals.
Result<void> keep_capabilities(std::uint64_t bits);

// Lets only what lies below the tree's top-level entries be executed, and forbids to change mounts: so a user
// namespace of the service's own is no way around noexec. Needs no_new_privs.
Coverage execute_only_below(const std::vector<std::string>& paths);

}  // namespace sallyport::confine
