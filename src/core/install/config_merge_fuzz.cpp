// SPDX-License-Identifier: Apache-2.0
// Three versions of a file, with a zero byte between them: whatever is merged has no line that no version had.
#include <algorithm>
#include <cstdlib>
#include <set>
#include <string>

#include "core/install/config_merge.h"

namespace {

std::multiset<std::string> lines_of(std::string_view text) {
  std::multiset<std::string> lines;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size() - 1) + 1;
    lines.emplace(text.substr(0, end));
    text.remove_prefix(end);
  }
  return lines;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sallyport;
  const std::string_view all(reinterpret_cast<const char*>(data), size);
  const auto first = std::min(all.find('\0'), size);
  const auto second = std::min(all.find('\0', std::min(first + 1, size)), size);
  const auto before = all.substr(0, first);
  const auto mine = all.substr(std::min(first + 1, size), second - std::min(first + 1, second));
  const auto theirs = all.substr(std::min(second + 1, size));
  const auto merged = install::merge_config("file", MergeRule::three_way,
                                            {as_bytes(before), as_bytes(mine), as_bytes(theirs)});
  if (!merged.ok()) return 0;
  const auto known_mine = lines_of(mine);
  const auto known_theirs = lines_of(theirs);
  for (const auto& line : lines_of(as_text(merged.value().content))) {
    if (!known_mine.contains(line) && !known_theirs.contains(line)) std::abort();
  }
  return 0;
}
