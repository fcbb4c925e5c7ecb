// SPDX-License-Identifier: Apache-2.0
// What is where in a package, for those who serve its parts without reading it (core/format/package_members.h). Reads
// the container: for a process apart, as examine.h. It verifies nothing; whoever gets a part verifies that.
#pragma once

#include <string_view>

#include "core/format/package_members.h"

namespace sallyport::intake {

// The order that makes a worker do it; it answers with the members' text, or as print_answer() prints an error.
constexpr std::string_view members_order = "list-members";

// Of a package of our own profile, whose members lie in it as they are.
Result<PackageMembers> list_members(const ByteSource& file);

}  // namespace sallyport::intake
