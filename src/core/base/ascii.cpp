// SPDX-License-Identifier: Apache-2.0
#include "core/base/ascii.h"

namespace sallyport {

std::string lower(std::string_view text) {
  std::string out(text);
  for (auto& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

}  // namespace sallyport
