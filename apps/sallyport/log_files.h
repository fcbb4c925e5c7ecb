// SPDX-License-Identifier: Apache-2.0
// What the commands of the log read: things to log, and whom to believe.
#pragma once

#include <memory>
#include <string>

#include "adapters/disk/port.h"
#include "adapters/events/port.h"
#include "apps/sallyport/command.h"
#include "core/tlog/entry.h"
#include "core/tlog/policy.h"

namespace sallyport::cli {

// A package or a revocation list by its first bytes, else a signed statement or a policy.
Result<tlog::Entry> entry_of_file(const std::string& path);

// Of a policy of ours, whose member `log` it must have (log_unknown), or a C2SP tlog-policy.
Result<tlog::LogPolicy> load_log_policy(const std::string& path);

// --log DIR, or the rehearsal of a change of it
Result<std::unique_ptr<Disk>> open_log(const Arguments& arguments);

// Has the witnesses of --policy asked over HTTP, records it, and says how each of them ended. witnesses_missing (or
// what else the policy does not accept) when that was not enough.
Result<void> ask_witnesses(const Arguments& arguments, Output& output, EventLog* log, Instant now);

std::vector<Command> log_witness_commands();
Command log_audit_command();  // of log_commands
Command log_watch_command();  // of log_witness_commands

}  // namespace sallyport::cli
