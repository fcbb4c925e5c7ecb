// SPDX-License-Identifier: Apache-2.0
// Views that several commands share: named values, and what changes between two releases.
#pragma once

#include "apps/sallyport/command.h"
#include "apps/sallyport/output.h"
#include "core/format/describe.h"
#include "core/format/tree_diff.h"

namespace sallyport::cli {

// One row each, and a line on each that has letters which may not be what they look like; for programs an array
// "fields" of {name, value}, or of the name given.
void show_fields(const std::vector<Field>& fields, Output& output, std::string_view json_name = "fields");
// `head` and the value; of several lines, as keys and certificates have, each one behind a bar: none of them can look
// like a line of ours.
void show_text(const std::string& head, const std::string& value, Output& output);

// What gives power first, then every change. Programs see all, and people, too, unless they take the short form: the
// first 200, or for a first release what lies in its folders.
enum class Detail : std::uint8_t { brief, full };
extern const Option full_option;
Detail detail_of(const Arguments& arguments);
void show_diff(const TreeDiff& diff, Detail detail, Output& output);
void show_first_release(const TreeDiff& diff, const std::vector<FolderSummary>& whole, Detail detail,
                        Output& output);

// The first ones for people, all of them for programs.
void show_findings(const std::vector<Error>& findings, Output& output);

// Keys and anchors whose algorithm ends, by the policy.
void show_ending(const std::vector<std::string>& uses, Output& output);

}  // namespace sallyport::cli
