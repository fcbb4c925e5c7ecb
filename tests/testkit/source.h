// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace sallyport {

// A file of the source tree, by its path from the top of the tree.
std::string source_file(const std::string& path);

}  // namespace sallyport
