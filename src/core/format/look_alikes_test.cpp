// SPDX-License-Identifier: Apache-2.0
#include "core/format/look_alikes.h"

#include <gtest/gtest.h>

#include "testkit/statements.h"

namespace sallyport {
namespace {

using Lines = std::vector<std::string>;

TEST(LookAlikes, APolicyWithoutHasNone) {
  EXPECT_EQ(look_alikes(testkit::make_policy()), Lines{});
}

TEST(LookAlikesAttack, G20_NamesOfOneShapeArePointedOut) {
  auto parts = testkit::parts();
  parts.persons.push_back({"a1ice", {"deploy"}, {testkit::TestKey("a1ice").public_pem()}});
  parts.persons.push_back({"al1ce", {"dep1oy"}, {testkit::TestKey("al1ce").public_pem()}});
  parts.pools[0].nodes = {"mme-1", "mme-l", "rnme-1", "mme-2", "mme.2", "mme-3"};
  parts.pools[0].products.emplace_back("rnme");
  EXPECT_EQ(look_alikes(testkit::make_policy(parts)),
            (Lines{"products: mme, rnme", "persons: a1ice, al1ce, alice", "roles: dep1oy, deploy",
                   "nodes: mme-1, mme-l, rnme-1", "nodes: mme-2, mme.2"}));
}

// Numbers are told apart, and names of different kinds are not compared.
TEST(LookAlikes, OtherNamesAreOthers) {
  auto parts = testkit::parts();
  parts.pools[0].nodes = {"mme-1", "mme-2", "mme-11", "mme-12", "mme-21", "alice"};
  EXPECT_EQ(look_alikes(testkit::make_policy(parts)), Lines{});
}

}  // namespace
}  // namespace sallyport
