// SPDX-License-Identifier: Apache-2.0
// A command as data. The table of commands is what the parser, the help, the manual pages, the completion and
// docs/ are made from; the run function is the only code.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/base/time.h"

namespace sallyport::cli {

class Output;

enum class Need : std::uint8_t { required, optional };
enum class Takes : std::uint8_t { value, values, nothing };  // values: may be given several times

struct Option {
  std::string_view name;     // "policy" is --policy; a positional has its name in capitals: "FILE"
  std::string_view metavar;  // "POLICY"; empty for flags
  std::string_view help;
  Need need = Need::optional;
  Takes takes = Takes::value;
};

// What the parser found. Asking for an option that the command does not declare is an error of ours and
// aborts.
Result<std::uint64_t> whole_number(const std::string& digits, const std::string& where);  // usage_error

class Arguments {
 public:
  explicit Arguments(std::map<std::string, std::vector<std::string>, std::less<>> values)
      : values_(std::move(values)) {}

  const std::string& text(std::string_view name) const;  // a required option, or one that has() is true for
  std::string text_or(std::string_view name, std::string_view fallback) const;
  const std::vector<std::string>& list(std::string_view name) const;
  bool has(std::string_view name) const;
  bool rehearses() const;  // --dry-run was given; false where there is no such option
  Result<std::uint64_t> number(std::string_view name) const;
  // --at TIME, or the clock.
  Result<Instant> time_or_now(std::string_view name) const;

 private:
  const std::vector<std::string>& values(std::string_view name) const;
  std::map<std::string, std::vector<std::string>, std::less<>> values_;
};

struct Command {
  std::string_view path;                   // "package build"
  std::string_view summary;                // one line, for the list
  std::string_view details;                // paragraphs: what it does and what it guarantees
  std::vector<std::string_view> examples;  // whole command lines
  std::vector<Option> positionals;
  std::vector<Option> options;
  Result<void> (*run)(const Arguments&, Output&);
};

struct Group {
  std::string_view title;  // "Vendor"
  std::vector<Command> commands;
};

const std::vector<Group>& command_groups();  // table.cpp
const Command* find_command(std::string_view path);

// One function for each file of commands.
std::vector<Command> package_commands();
std::vector<Command> package_stamp_commands();  // of package_commands
std::vector<Command> key_commands();
std::vector<Command> policy_commands();
std::vector<Command> policy_approval_commands();  // of policy_commands
std::vector<Command> check_commands();
std::vector<Command> intake_commands();
std::vector<Command> node_commands();
std::vector<Command> node_service_commands();
std::vector<Command> node_gate_commands();        // of node_commands
Command node_gate_export_command();               // of node_commands
Command node_gate_measurements_command();         // of node_commands
Command node_gate_metrics_command();              // of node_commands
std::vector<Command> node_gate_mode_commands();   // of node_gate_commands
std::vector<Command> node_inspection_commands();  // of node_commands
Command node_events_command();                    // of node_inspection_commands
Command node_report_command();                    // of node_inspection_commands
Command node_status_command();                    // of node_inspection_commands
Command status_command();                         // of check_commands
Command doctor_command();                         // of check_commands
std::vector<Command> deploy_commands();
Command policy_sign_command();               // of policy_commands
Command deploy_publish_command();            // of deploy_commands
Command node_sync_command();                 // of node_commands
std::vector<Command> stop_commands();        // of deploy_commands
std::vector<Command> node_trust_commands();  // of node_commands
std::vector<Command> baseline_commands();
std::vector<Command> recall_commands();
Command node_recall_command();                  // of node_commands
Command intake_rescan_command();                // of intake_commands
std::vector<Command> node_baseline_commands();  // of node_commands
std::vector<Command> bundle_commands();
std::vector<Command> log_commands();
std::vector<Command> evidence_commands();
Command explain_command();  // of help_commands
std::vector<Command> help_commands();

}  // namespace sallyport::cli
