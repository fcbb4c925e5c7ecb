// SPDX-License-Identifier: Apache-2.0
// --reports and --node-keys: what nodes say that they run, for `intake rescan` and `recall propose`.
#pragma once

#include <optional>
#include <vector>

#include "apps/sallyport/command.h"
#include "roles/operator/running.h"

namespace sallyport::cli {

extern const Option reports_option;
extern const Option node_keys_option;

// Nothing where they are not given; usage_error for one without the other.
Result<std::optional<intake::Fleet>> load_fleet(const Arguments& arguments, Instant now);

// What was refused, and who is silent: nobody has to take "runs on" for the whole truth.
void show_fleet(const intake::Fleet& fleet, Output& output);
// "runs on": of one package that was found to be malware.
void show_who_has(const intake::Fleet& fleet, const Sha256Digest& package, Output& output);

}  // namespace sallyport::cli
