// SPDX-License-Identifier: Apache-2.0
#include "core/format/split.h"

namespace sallyport {

std::vector<std::string_view> split(std::string_view line) {
  std::vector<std::string_view> parts;
  for (;;) {
    const auto end = line.find(' ');
    parts.push_back(line.substr(0, end));
    if (end == std::string_view::npos) return parts;
    line.remove_prefix(end + 1);
  }
}

}  // namespace sallyport
