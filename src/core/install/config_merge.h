// SPDX-License-Identifier: Apache-2.0
// What becomes of a configuration file of the operator when a release brings another default. Pure.
//
//   what the operator has     keep          replace       three-way
//   nothing                   the default   the default   the default
//   the default of before     the default   the default   the default
//   something else            stays         the default   both changes, line by line
//
// Three-way: a line that only one side changed is taken from that side. Where both changed the same place, or places
// that touch each other, and not to the same, it is config_conflict: nobody has ever seen what would come out. What one
// side added to a change that both made is no conflict: it stands before or behind the very lines of the other.
#pragma once

#include <optional>
#include <string>

#include "core/base/bytes.h"
#include "core/format/tree.h"

namespace sallyport::install {

enum class ConfigOutcome : std::uint8_t {
  standard,  // the default of the release
  kept,      // the operator's file, as it was
  replaced,  // the default, instead of a file that the operator had changed
  merged,    // the operator's changes and the release's
};
std::string_view word(ConfigOutcome outcome);

struct ConfigMerge {
  Bytes content;
  ConfigOutcome outcome;
};

struct ConfigVersions {
  BytesView old_default;             // of the release that runs now
  std::optional<BytesView> current;  // the operator's; absent: there is none
  BytesView new_default;
};

// Bounded: sides that differ in more than 1000 lines each are a conflict, too.
Result<ConfigMerge> merge_config(const std::string& path, MergeRule rule, const ConfigVersions& versions);

}  // namespace sallyport::install
