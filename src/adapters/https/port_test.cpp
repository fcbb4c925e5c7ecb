// SPDX-License-Identifier: Apache-2.0
#include "adapters/https/port.h"

#include <gtest/gtest.h>

namespace sallyport {
namespace {

TEST(WebClients, OfOneNetworkOfIpv6AreCountedTogether) {
  EXPECT_EQ(counted_as("192.0.2.7"), "192.0.2.7");
  EXPECT_EQ(counted_as("::ffff:192.0.2.7"), "192.0.2.7");
  EXPECT_EQ(counted_as("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
  EXPECT_EQ(counted_as("2001:db8:1:2::1"), "2001:db8:1:2::/64");
  EXPECT_EQ(counted_as("fe80::1%eth0"), "fe80::/64");
  EXPECT_EQ(counted_as("::1"), "::/64");
  EXPECT_EQ(counted_as(""), "");
}

}  // namespace
}  // namespace sallyport
