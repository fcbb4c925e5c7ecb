// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "core/trust/tuf/paths.h"

// A pattern, a line end, a path. What a pattern covers has as many slashes as the pattern.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sallyport;
  const auto text = as_text({data, size});
  const auto end = text.find('\n');
  if (end == std::string_view::npos) return 0;
  const auto pattern = text.substr(0, end);
  const auto path = text.substr(end + 1);
  const auto slashes = [](std::string_view of) { return std::count(of.begin(), of.end(), '/'); };
  if (tuf::pattern_matches(pattern, path)) CHECK(slashes(pattern) == slashes(path));
  if (path.find_first_of("*?[") == std::string_view::npos) CHECK(tuf::pattern_matches(path, path));
  CHECK(tuf::quoted(path).find_first_of("/ ?#%\n") == std::string::npos ||
        path.size() < tuf::quoted(path).size());
  return 0;
}
