// SPDX-License-Identifier: Apache-2.0
#include "adapters/https/port.h"

namespace sallyport {

const std::string* WebQuestion::header(std::string_view name) const {
  const std::string* found = nullptr;
  for (const auto& [its_name, value] : headers) {
    if (its_name != name) continue;
    if (found != nullptr) return nullptr;
    found = &value;
  }
  return found;
}

}  // namespace sallyport
