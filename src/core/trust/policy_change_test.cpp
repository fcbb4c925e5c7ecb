// SPDX-License-Identifier: Apache-2.0
#include "core/trust/policy_change.h"

#include <gtest/gtest.h>

#include "testkit/statements.h"

namespace sallyport::trust {
namespace {

using testkit::TestKey;

// The usual policy, changed by two of the persons with a role, or by nobody.
Policy policy_of(std::uint64_t version, const std::string& role) {
  auto parts = testkit::parts();
  parts.version = version;
  auto text = testkit::print_policy(parts);
  if (!role.empty()) text.insert(1, "\"officers\":{\"roles\":[\"" + role + "\"],\"persons\":2},");
  return parse_policy(as_bytes(text)).value();
}

std::set<KeyId> keys(const std::vector<std::string>& names) {
  std::set<KeyId> ids;
  for (const auto& name : names) ids.insert(TestKey(name).public_key().id());
  return ids;
}

Code answer(const Policy& before, const Policy& after, const std::vector<std::string>& signers) {
  const auto result = policy_change(before, after, keys(signers), testkit::test_time());
  return result.ok() ? Code::internal_error : result.error().code;
}
constexpr Code granted = Code::internal_error;

TEST(PolicyChange, TakesAQuorumBeforeAndAfter) {
  const auto before = policy_of(1, "release");
  const auto after = policy_of(2, "release");
  EXPECT_EQ(answer(before, after, {"alice-1", "bob-1"}), granted);
  EXPECT_EQ(answer(before, after, {"alice-1"}), Code::officers_missing);
  EXPECT_EQ(answer(before, after, {}), Code::officers_missing);
  EXPECT_EQ(answer(before, after, {"alice-1", "stranger", "intake-1", "dave-1"}), Code::officers_missing);
}

TEST(PolicyChange, TwoKeysOfOnePersonAreOnePerson) {
  EXPECT_EQ(answer(policy_of(1, "release"), policy_of(2, "release"), {"bob-1", "bob-2"}),
            Code::officers_missing);
}

TEST(PolicyChange, OnlyALaterVersion) {
  const std::vector<std::string> all{"alice-1", "bob-1", "carol-1"};
  EXPECT_EQ(answer(policy_of(2, "release"), policy_of(2, "release"), all), Code::policy_mismatch);
  EXPECT_EQ(answer(policy_of(2, "release"), policy_of(1, "release"), all), Code::policy_mismatch);
  EXPECT_EQ(answer(policy_of(2, "release"), policy_of(9, "release"), all), granted);
}

TEST(PolicyChange, WithoutOfficersItCannotBeChanged) {
  const std::vector<std::string> all{"alice-1", "bob-1", "carol-1", "dave-1"};
  EXPECT_EQ(answer(policy_of(1, ""), policy_of(2, "release"), all), Code::officers_missing);
  EXPECT_EQ(answer(policy_of(1, "release"), policy_of(2, ""), all), Code::officers_missing);
}

}  // namespace
}  // namespace sallyport::trust
