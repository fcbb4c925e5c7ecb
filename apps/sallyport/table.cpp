// SPDX-License-Identifier: Apache-2.0
#include "apps/sallyport/exception_commands.h"

namespace sallyport::cli {
namespace {

std::vector<Command> with(std::vector<Command> commands, Command last) {
  commands.push_back(std::move(last));
  return commands;
}

std::vector<Command> with(std::vector<Command> commands, std::vector<Command> others) {
  for (auto& command : others) commands.push_back(std::move(command));
  return commands;
}

}  // namespace

const std::vector<Group>& command_groups() {
  static const std::vector<Group> groups = {
      // One group a line, in the order in which a package travels.
      {"Everyday", check_commands()},
      {"Vendor", package_commands()},
      {"Keys", key_commands()},
      {"Policy", with(policy_commands(), policy_sign_command())},
      {"Intake", with(with(intake_commands(), intake_rescan_command()), exception_commands())},
      {"Deployment", with(deploy_commands(), deploy_publish_command())},
      {"Recall", recall_commands()},
      {"Node", with(with(node_commands(), node_sync_command()), node_recall_command())},
      {"Host", baseline_commands()},
      {"Air gap", bundle_commands()},
      {"Log", log_commands()},
      {"Evidence", evidence_commands()},
      {"Help", help_commands()},
  };
  return groups;
}

const Command* find_command(std::string_view path) {
  for (const auto& group : command_groups()) {
    for (const auto& command : group.commands) {
      if (command.path == path) return &command;
    }
  }
  return nullptr;
}

}  // namespace sallyport::cli
