// SPDX-License-Identifier: Apache-2.0
// Views that several commands share: named values, and what changes between two releases.
#pragma once

#include "apps/sallyport/output.h"
#include "core/format/describe.h"
#include "core/format/tree_diff.h"

namespace sallyport::cli {

// One row each; for programs an array "fields" of {name, value}, or of the name given.
void show_fields(const std::vector<Field>& fields, Output& output, std::string_view json_name = "fields");

// What gives power first, then every change. People see the first 200; programs see all.
void show_diff(const TreeDiff& diff, Output& output);

}  // namespace sallyport::cli
