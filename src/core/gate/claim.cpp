// SPDX-License-Identifier: Apache-2.0
#include "core/gate/claim.h"

#include <algorithm>

namespace sallyport::gate {

std::vector<std::string> not_closed(const std::vector<std::string>& wanted, const std::vector<Hole>& holes) {
  std::vector<std::string> left;
  for (const auto& way : wanted) {
    const bool settled = std::any_of(holes.begin(), holes.end(), [&](const Hole& hole) {
      return hole.way == way && (hole.state == HoleState::closed || hole.state == HoleState::not_applicable);
    });
    if (!settled) left.push_back(way);
  }
  return left;
}

}  // namespace sallyport::gate
