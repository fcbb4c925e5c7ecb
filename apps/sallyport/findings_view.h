// SPDX-License-Identifier: Apache-2.0
// What is wrong with a package, as a list.
#pragma once

#include <cstdint>
#include <vector>

#include "apps/sallyport/output.h"

namespace sallyport::cli {

// Gravest first: for people only where there are several, since the first one is the refusal. `count` is that of all,
// listed or not.
void show_findings(const std::vector<Error>& findings, std::uint64_t count, Output& output);

}  // namespace sallyport::cli
