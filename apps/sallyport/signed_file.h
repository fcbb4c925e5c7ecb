// SPDX-License-Identifier: Apache-2.0
// Files that officers sign one after the other: policies, baselines of hosts.
#pragma once

#include <functional>
#include <set>
#include <string>

#include "apps/sallyport/command.h"
#include "apps/sallyport/order_file.h"
#include "core/base/id.h"

namespace sallyport::cli {

// "alice, carol"; "nobody" where there is none.
std::string joined(const std::set<PersonId>& persons);

// An envelope is extended where it is; of what nobody has signed yet a new file is made beside it, `-o` or PATH.signed.
// `advice` says what comes next, given the name of the file. With --dry-run only that name is told.
Result<void> write_signed(const Arguments& arguments, const std::string& path, const OrderFile& file,
                          const std::string& envelope,
                          const std::function<std::string(const std::string& target)>& advice,
                          Output& output);

}  // namespace sallyport::cli
