// SPDX-License-Identifier: Apache-2.0
// The operator's configuration: generations/<n>/config/, beside the tree whose files are its defaults. A generation has
// its own copy, so that switching and going back switch it, too. docs/spec/node-store.md.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "adapters/disk/port.h"
#include "core/install/config_merge.h"
#include "core/install/state.h"
#include "core/trust/package.h"

namespace sallyport::node {

using install::GenerationNumber;

struct ConfigReport {
  std::string path;
  install::ConfigOutcome outcome;
};

// Makes the configuration of generation `to` of its defaults and of what stands in `from` (0: none). All of it
// or nothing; durable; nothing of `from` changes. config_conflict when the operator has to decide first.
Result<std::vector<ConfigReport>> carry_config(Disk& disk, const Tree& tree, install::GenerationNumber from,
                                               const Tree* old_tree, install::GenerationNumber to);

// What carry_config() would say, and nothing changes: the new defaults are read out of the package.
Result<std::vector<ConfigReport>> preview_config(Disk& disk, const ByteSource& file, const Package& package,
                                                 GenerationNumber from, const Tree* old_tree);

// Of the generation whose configuration is carried on; nothing where there is none, or none that the journal knows.
Result<std::optional<Tree>> tree_before(Disk& disk, const install::State& state, GenerationNumber from);

enum class ConfigState : std::uint8_t { standard, changed, missing };
struct ConfigStatus {
  std::string path;
  MergeRule merge;
  ConfigState state;
};
// What the operator made of the defaults.
Result<std::vector<ConfigStatus>> config_status(Disk& disk, const Tree& tree,
                                                install::GenerationNumber generation);

std::string config_path(install::GenerationNumber generation);  // generations/<n>/config

}  // namespace sallyport::node
