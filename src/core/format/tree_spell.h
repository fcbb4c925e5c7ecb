// SPDX-License-Identifier: Apache-2.0
// The parts that the JSON of a tree is put together of; for tree_print.cpp and tree_parse.cpp.
#pragma once

#include <string>

#include "core/format/json_writer.h"
#include "core/format/tree.h"

namespace sallyport {

void write_entry(JsonWriter& to, const TreeEntry& entry);
void write_object(JsonWriter& to, const ContentObject& object);
std::string spell_frame(const Tree& tree);  // without entries and objects: docs/spec/tree.md, *Memory*

}  // namespace sallyport
