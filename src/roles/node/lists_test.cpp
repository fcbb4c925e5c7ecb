// SPDX-License-Identifier: Apache-2.0
// Revocation lists on a node.
#include <gtest/gtest.h>

#include "adapters/disk/faulty.h"
#include "roles/node/status.h"
#include "roles/node/trust_changes.h"
#include "roles/node/world_for_test.h"

namespace sallyport::node {
namespace {

using Lists = testkit::CodeSigner::Lists;

template <class T>
std::string refusal(const Result<T>& result) {
  return result.ok() ? "" : std::string(name(result.error().code));
}

Bytes list(long number, Lists lists = Lists::nothing) {
  return testkit::acme().revocation_list(number, lists);
}

class ListsTest : public testing::Test {
 protected:
  ListsTest() { world.init().value(); }
  Result<ListReport> take(const Bytes& bytes) {
    const auto at = world.ports();
    return take_list(at, bytes);
  }
  std::string only_list() const {
    const auto names = disk.list(paths::lists).value();
    EXPECT_EQ(names.size(), 1U);
    return std::string(paths::lists) + "/" + names.at(0);
  }
  mutable MemoryDisk disk;
  World world{disk};
};

TEST_F(ListsTest, R02_RevokedVendorsStopNewInstallationsAndNothingElse) {
  world.install(first_delivery()).value();
  world.install(second_delivery()).value();
  const auto report = take(list(7, Lists::the_leaf)).value();
  EXPECT_EQ(report.revoked, 1U);
  EXPECT_EQ(report.effect, ListReport::Effect::kept);
  EXPECT_EQ(refusal(world.install(third_delivery())), "certificate-revoked");
  EXPECT_EQ(world.runs(), second_service);
  EXPECT_TRUE(world.fsck().findings.empty());
  EXPECT_TRUE(world.rollback().ok());
  EXPECT_EQ(world.runs(), first_service);
}

TEST_F(ListsTest, R02_StatusTellsThatTheSignerOfWhatRunsIsRevoked) {
  world.install(first_delivery()).value();
  const auto findings = [&] {
    std::string text;
    const auto at = world.ports();
    for (const auto& finding : status(at).value().findings) text += std::string(name(finding.code)) + " ";
    return text;
  };
  take(list(6)).value();
  EXPECT_EQ(findings(), "");
  take(list(7, Lists::the_leaf)).value();
  EXPECT_EQ(findings(), "certificate-revoked ");
}

TEST_F(ListsTest, E14_OlderListsAreRefused) {
  const auto newest = list(300);
  take(newest).value();
  EXPECT_EQ(take(newest).value().effect, ListReport::Effect::known);
  EXPECT_EQ(refusal(take(list(299))), "crl-rollback");
  EXPECT_EQ(refusal(take(list(44))), "crl-rollback");
  EXPECT_EQ(take(list(301)).value().effect, ListReport::Effect::kept);
  EXPECT_TRUE(world.install(first_delivery()).ok());
}

TEST_F(ListsTest, E14_AListThatIsTakenAwayIsMissed) {
  take(list(7, Lists::the_leaf)).value();
  const auto path = only_list();
  disk.remove_tree(path).value();
  EXPECT_EQ(refusal(world.install(first_delivery())), "crl-rollback");
  disk.replace_file(path, list(6), 0600).value();
  EXPECT_EQ(refusal(world.install(first_delivery())), "crl-rollback");
  disk.replace_file(path, as_bytes("nothing"), 0600).value();
  EXPECT_EQ(refusal(world.install(first_delivery())), "crl-rollback");
  take(list(8)).value();
  EXPECT_TRUE(world.install(first_delivery()).ok());
}

TEST_F(ListsTest, ListsOfStrangersAreNotKept) {
  EXPECT_EQ(refusal(take(testkit::stranger().revocation_list(9, Lists::nothing))), "signer-unknown");
  EXPECT_EQ(refusal(take({})), "crl-malformed");
  EXPECT_FALSE(disk.find(paths::lists).value().has_value());
}

TEST_F(ListsTest, O03_AListSaysHowLateItIs) {
  take(list(7)).value();
  EXPECT_EQ(world.state().time_seen, testkit::test_time().plus(-3600));
  world.now = testkit::test_time().plus(-86400LL * 300);
  EXPECT_EQ(refusal(take(list(6))), "crl-rollback");
  world.install(first_delivery()).value();  // by the time of the list: the order's window is open
}

// At every changing call, in every way that a disk knows: the next try ends it, and the list counts.
TEST_F(ListsTest, E20_ACrashLosesNothing) {
  for (const auto then : {Then::fail, Then::fail_but_persist, Then::crash}) {
    for (std::uint64_t nth = 1; nth < 20; ++nth) {
      MemoryDisk struck;
      struck.become(disk);
      FaultyDisk faulty(struck, nth, then);
      World there(faulty);
      const auto at = there.ports();
      if (take_list(at, list(7, Lists::the_leaf)).ok()) continue;
      if (then == Then::crash) struck.crash(nth);
      World again(struck);
      const auto now = again.ports();
      EXPECT_EQ(refusal(take_list(now, list(7, Lists::the_leaf))), "") << nth;
      EXPECT_EQ(refusal(again.install(first_delivery())), "certificate-revoked") << nth;
      EXPECT_EQ(refusal(take_list(now, list(6))), "crl-rollback") << nth;
    }
  }
}

}  // namespace
}  // namespace sallyport::node
