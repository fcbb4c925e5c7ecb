// SPDX-License-Identifier: Apache-2.0
// Lines of fields with one blank between two of them.
#pragma once

#include <string_view>
#include <vector>

namespace sallyport {

// At least one; between two blanks that follow each other there is an empty one. Views into the line.
std::vector<std::string_view> split(std::string_view line);

}  // namespace sallyport
