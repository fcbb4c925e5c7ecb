// SPDX-License-Identifier: Apache-2.0
#include "apps/sallyport/command.h"

namespace sallyport::cli {

const std::vector<Group>& command_groups() {
  static const std::vector<Group> groups = {
      // One group a line, in the order in which a package travels.
      {"Everyday", check_commands()}, {"Vendor", package_commands()},    {"Keys", key_commands()},
      {"Policy", policy_commands()},  {"Intake", intake_commands()},     {"Deployment", deploy_commands()},
      {"Node", node_commands()},      {"Evidence", evidence_commands()}, {"Help", help_commands()},
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
