// SPDX-License-Identifier: Apache-2.0
// A policy on the screen and as members of the result.
#pragma once

#include "apps/sallyport/output.h"
#include "core/format/policy.h"

namespace sallyport::cli {

void show_policy(const Policy& policy, Output& output);

}  // namespace sallyport::cli
