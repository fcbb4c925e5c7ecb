// SPDX-License-Identifier: Apache-2.0
#include "core/base/id.h"

#include <algorithm>

namespace sallyport {
namespace {

bool lower_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}
bool accepted(char c) {
  return lower_or_digit(c) || c == '.' || c == '_' || c == '-';
}

}  // namespace

Result<void> check_identifier(std::string_view text, std::string_view what) {
  const bool fits = !text.empty() && text.size() <= 64 && lower_or_digit(text.front()) &&
                    std::all_of(text.begin(), text.end(), accepted) &&
                    text.find("..") == std::string_view::npos;
  if (fits) return {};
  return Error(Code::identifier_invalid, std::string(what), "1 to 64 of a-z 0-9 . _ -",
               std::string(text.substr(0, 80)));
}

}  // namespace sallyport
