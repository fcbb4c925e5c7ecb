// SPDX-License-Identifier: Apache-2.0
#include "roles/server/guard.h"

#include <gtest/gtest.h>

#include "roles/server/world_for_test.h"

namespace sallyport::server {
namespace {

class GuardTest : public testing::Test {
 protected:
  std::int64_t wait_of(const std::string& address, Instant at) {
    const auto said = guard_.admit({address, std::nullopt, std::nullopt}, at);
    return std::get<TurnedAway>(said).retry_after;
  }
  const AccountBook accounts_{accounts_for_test()};
  Guard guard_{accounts_, 2};
  const Instant now_ = testkit::test_time();
};

TEST_F(GuardTest, FailuresAreForgottenAfterAnHourAndNotBefore) {
  for (std::uint32_t i = 1; i <= 4; ++i) EXPECT_EQ(guard_.failed("192.0.2.1", now_), i);
  EXPECT_EQ(guard_.failed("192.0.2.2", now_), 1U);
  EXPECT_EQ(guard_.failed("192.0.2.1", now_.plus(3600)), 5U);
  EXPECT_EQ(wait_of("192.0.2.1", now_.plus(3600)), 2);
  EXPECT_EQ(wait_of("192.0.2.2", now_.plus(3600)), 0);
  EXPECT_EQ(guard_.failed("192.0.2.1", now_.plus(2 * 3600 + 1)), 1U);
  EXPECT_EQ(wait_of("192.0.2.1", now_.plus(2 * 3600 + 1)), 0);
}

TEST_F(GuardTest, TheTimeDoublesUpToAQuarterOfAnHour) {
  auto at = now_;
  for (int i = 0; i < 4; ++i) guard_.failed("192.0.2.1", at);
  for (const std::int64_t seconds : {2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900}) {
    guard_.failed("192.0.2.1", at);
    EXPECT_EQ(wait_of("192.0.2.1", at), seconds);
    at = at.plus(seconds);
  }
}

// Who has many addresses fills no memory: those that come then are counted together.
TEST_F(GuardTest, P01_AddressesAreBounded) {
  for (int i = 0; i < 100000; ++i) {
    for (int times = 0; times < 5; ++times) guard_.failed(std::to_string(i), now_);
  }
  EXPECT_EQ(guard_.failed("one more", now_), 1U);
  EXPECT_EQ(guard_.failed("another", now_), 2U);
  EXPECT_EQ(guard_.failed("7", now_), 6U);
  // Those who need not wait any more make room.
  EXPECT_EQ(guard_.failed("one more", now_.plus(2)), 1U);
  EXPECT_EQ(guard_.failed("one more", now_.plus(2)), 2U);
}

}  // namespace
}  // namespace sallyport::server
