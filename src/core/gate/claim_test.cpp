// SPDX-License-Identifier: Apache-2.0
#include "core/gate/claim.h"

#include <gtest/gtest.h>

namespace sallyport::gate {
namespace {

using Ways = std::vector<std::string>;

TEST(GateClaimTest, OnlyWhatWasTriedAndDeniedIsClosed) {
  const std::vector<Hole> holes{{"closed", HoleState::closed, ""},
                                {"open", HoleState::open, ""},
                                {"none-here", HoleState::not_applicable, ""},
                                {"not-tried", HoleState::not_run, ""}};
  EXPECT_EQ(not_closed({"closed", "open", "none-here", "not-tried", "never-heard-of"}, holes),
            (Ways{"open", "not-tried", "never-heard-of"}));
  EXPECT_EQ(not_closed({"closed"}, holes), Ways{});
  EXPECT_EQ(not_closed({"closed"}, {}), Ways{"closed"});
}

TEST(GateClaimTest, WaysThatNobodyTriedAreNamedAndNotClosed) {
  const auto holes = holes_not_tried("no gate runs");
  ASSERT_EQ(holes.size(), gate_ways.size());
  EXPECT_EQ(not_closed(Ways(gate_ways.begin(), gate_ways.end()), holes).size(), gate_ways.size());
}

}  // namespace
}  // namespace sallyport::gate
