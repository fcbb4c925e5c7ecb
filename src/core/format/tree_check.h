// SPDX-License-Identifier: Apache-2.0
// The rules of a tree beyond its spelling: docs/spec/tree.md lists them. tree_inconsistent when entries,
// objects and services do not fit together; tree_malformed when a value by itself is not one that the format
// has.
#pragma once

#include "core/format/tree.h"

namespace sallyport {

// A frame that does not shrink is this much larger than its content, at most.
constexpr std::uint32_t frame_stored_size_max = frame_content_size_max + (64U << 10U);

Result<void> check_tree(const Tree& tree, const TreeLimits& limits);

// Its parts.
Result<void> check_entries(const Tree& tree, const TreeLimits& limits);
Result<void> check_links(const Tree& tree);
Result<void> check_objects(const Tree& tree, const TreeLimits& limits);
Result<void> check_services(const Tree& tree);

Result<void> check_declarations(const Tree& tree);  // configuration, users, groups

// Null: the tree has none of this path.
const TreeEntry* find_entry(const Tree& tree, std::string_view path);

// Names of Linux capabilities as capabilities(7) has them, sorted, each once.
Result<void> check_capabilities(const std::vector<std::string>& names, const std::string& where);

// The JSON of a tree that was checked.
std::string spell_tree(const Tree& tree);

}  // namespace sallyport
