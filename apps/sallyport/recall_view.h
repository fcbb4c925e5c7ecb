// SPDX-License-Identifier: Apache-2.0
// What a node says of a recall that it was given, by `node recall` or by `node sync`.
#pragma once

#include "apps/sallyport/command.h"
#include "core/format/event.h"
#include "roles/node/recall.h"

namespace sallyport::cli {

// "what it names is not installed, …; the active generation has it: services mme"
std::string effect_of(const node::RecallReport& report);

// Checks, signer and effect; the error is content_recalled where the active generation has what was recalled.
const Error* describe(const node::RecallReport& report, Event& event);

// That the active generation has what was recalled, and what to do.
void show_alarm(const Error& alarm, Output& output);
std::string advice_after_alarm(const std::string& root);

}  // namespace sallyport::cli
