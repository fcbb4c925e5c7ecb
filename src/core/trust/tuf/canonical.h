// SPDX-License-Identifier: Apache-2.0
// The canonical JSON that TUF signs (OLPC): members sorted by the bytes of their names, no white space, in strings only
// the quotation mark and the backslash escaped. TUF demands it; nothing else of the program uses it.
#pragma once

#include <string>

#include "core/format/json_tree.h"

namespace sallyport::tuf {

std::string canonical_json(const JsonNode& node);

}  // namespace sallyport::tuf
