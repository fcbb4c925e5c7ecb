// SPDX-License-Identifier: Apache-2.0
// What an account may have, on both databases: nobody gets more by asking several servers at the same time.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "adapters/db/db_for_test.h"

namespace sallyport {
namespace {

class DatabaseQuotas : public testing::TestWithParam<const char*>, protected DatabaseWorld {
 protected:
  void SetUp() override {
    if (!begin(GetParam())) GTEST_SKIP() << "no PostgreSQL here, or not root";
  }

  // One whose upload is held by "h".
  PackageRecord uploading(const std::string& id, const std::string& owner = "vendor") {
    auto added = package(id);
    added.owner = owner;
    added.state = Onboarding::uploading;
    added.holder = "h";
    CHECK(db_->add_package(added).ok());
    return *db_->find_package(id).value();
  }
};

TEST_P(DatabaseQuotas, SoManyPackagesAndNoMore) {
  EXPECT_EQ(db_->add_package_within(package("p1"), 2).value(), Changed::done);
  EXPECT_EQ(db_->add_package_within(package("p2"), 2).value(), Changed::done);
  EXPECT_EQ(db_->add_package_within(package("p3"), 2).value(), Changed::not_found);
  EXPECT_FALSE(db_->find_package("p3").value());
  auto others = package("p4");
  others.owner = "another";
  EXPECT_EQ(open()->add_package_within(others, 1).value(), Changed::done);
  ASSERT_EQ(db_->remove_package(*db_->find_package("p1").value()).value(), Changed::done);
  EXPECT_EQ(open()->add_package_within(package("p3"), 2).value(), Changed::done);
}

TEST_P(DatabaseQuotas, WhatIsReservedIsNobodyElses) {
  const auto one = uploading("p1");
  const auto two = uploading("p2");
  const auto others = uploading("p3", "another");
  const auto given = db_->reserve(one, {60, 60, 100}).value();
  EXPECT_EQ(given.outcome, Reserving::done);
  EXPECT_EQ(given.bytes, 60U);
  const auto refused = open()->reserve(two, {41, 41, 100}).value();
  EXPECT_EQ(refused.outcome, Reserving::full);
  EXPECT_EQ(refused.others, 60U);
  EXPECT_EQ(db_->find_package("p2").value()->reserved, 0U);
  EXPECT_EQ(db_->reserve(others, {100, 100, 100}).value().outcome, Reserving::done);
  // As much as there is, where that is enough.
  EXPECT_EQ(db_->reserve(two, {10, 90, 100}).value().bytes, 40U);
  // Its own are asked for anew, not once more.
  EXPECT_EQ(db_->reserve(one, {60, 60, 100}).value().outcome, Reserving::done);
  EXPECT_EQ(db_->reserve(one, {61, 61, 100}).value().outcome, Reserving::full);
  EXPECT_EQ(db_->find_package("p1").value()->reserved, 60U);
  EXPECT_EQ(db_->reserve(one, {0, 0, 0}).value().outcome, Reserving::done);
  EXPECT_EQ(open()->find_package("p1").value()->reserved, 0U);
}

TEST_P(DatabaseQuotas, WhatIsStoredCountsUntilItIsDeleted) {
  auto stored = uploading("p1");
  ASSERT_EQ(db_->reserve(stored, {70, 70, 100}).value().outcome, Reserving::done);
  stored.state = Onboarding::processing;
  stored.size = 50;
  stored.reserved = 0;
  ASSERT_EQ(db_->finish_claim(stored, "h").value(), Changed::done);
  const auto next = uploading("p2");
  EXPECT_EQ(db_->reserve(next, {51, 51, 100}).value().outcome, Reserving::full);
  EXPECT_EQ(db_->reserve(next, {50, 50, 100}).value().outcome, Reserving::done);
  const auto usage = open()->count().value().usage;
  ASSERT_EQ(usage.size(), 1U);
  EXPECT_EQ(usage[0].account, "vendor");
  EXPECT_EQ(usage[0].packages, 2U);
  EXPECT_EQ(usage[0].bytes, 100U);
  ASSERT_EQ(db_->remove_package(*db_->find_package("p1").value()).value(), Changed::done);
  EXPECT_EQ(db_->reserve(next, {100, 100, 100}).value().outcome, Reserving::done);
}

TEST_P(DatabaseQuotas, OnlyTheHolderReserves) {
  auto other = uploading("p1");
  other.holder = "one that was silent";
  EXPECT_EQ(db_->reserve(other, {1, 1, 100}).value().outcome, Reserving::not_held);
  EXPECT_EQ(db_->find_package("p1").value()->reserved, 0U);
}

// A quota that was made smaller than what is there.
TEST_P(DatabaseQuotas, NothingFitsWhereTooMuchIs) {
  const auto one = uploading("p1");
  const auto two = uploading("p2");
  ASSERT_EQ(db_->reserve(one, {60, 60, 100}).value().outcome, Reserving::done);
  EXPECT_EQ(db_->reserve(two, {1, 1, 50}).value().outcome, Reserving::full);
  EXPECT_EQ(db_->reserve(two, {0, 9, 50}).value().bytes, 0U);
}

TEST_P(DatabaseQuotas, ManyAtATimeGetNoMoreThanOneByOne) {
  constexpr int count = 12;
  std::vector<PackageRecord> all;
  for (int i = 0; i < count; ++i) all.push_back(uploading("p" + std::to_string(i)));
  const auto server_a = open();
  const auto server_b = open();
  std::atomic<bool> goes = false;
  std::atomic<int> reserved = 0;
  std::atomic<int> added = 0;
  std::atomic<int> subscribed = 0;
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < all.size(); ++i)
    threads.emplace_back([&, i] {
      auto& server = i % 2 == 0 ? *server_a : *server_b;
      while (!goes) std::this_thread::yield();
      if (server.reserve(all[i], {10, 10, 35}).value().outcome == Reserving::done) ++reserved;
      auto another = package("new" + std::to_string(i));
      if (server.add_package_within(another, 3).value() == Changed::done) ++added;
      SubscriptionRecord subscription;
      subscription.id = another.id;
      subscription.account = "nfvo";
      if (server.add_subscription(subscription, 3).value() == Changed::done) ++subscribed;
    });
  goes = true;
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(reserved, 3);
  EXPECT_EQ(added, 3);
  EXPECT_EQ(subscribed, 3);
}

INSTANTIATE_TEST_SUITE_P(Databases, DatabaseQuotas, testing::Values("sqlite", "postgresql"),
                         [](const auto& name) { return std::string(name.param); });

}  // namespace
}  // namespace sallyport
