// SPDX-License-Identifier: Apache-2.0
// Work that one server does and nobody beside it.
#include <gtest/gtest.h>

#include <algorithm>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

#include "adapters/db/db_for_test.h"

namespace sallyport {
namespace {

class DatabaseClaims : public testing::TestWithParam<const char*>, protected DatabaseWorld {
 protected:
  void SetUp() override {
    if (!begin(GetParam())) GTEST_SKIP() << "no PostgreSQL here, or not root";
  }
};

TEST_P(DatabaseClaims, OneHoldsAPackageAtATime) {
  auto waiting = package("p1");
  waiting.state = Onboarding::processing;
  waiting.content = "c1";
  ASSERT_TRUE(db_->add_package(waiting).ok());
  ASSERT_TRUE(db_->add_package(package("created")).ok());
  const auto mine = db_->claim_package("one", at(100), at(160)).value();
  ASSERT_TRUE(mine);
  EXPECT_EQ(mine->id, "p1");
  EXPECT_FALSE(db_->claim_package("two", at(159), at(220)).value());
  // The first one is silent for too long: the second one takes over, and what the first one says is late.
  const auto theirs = db_->claim_package("two", at(160), at(220)).value();
  ASSERT_TRUE(theirs);
  EXPECT_EQ(db_->keep_claim("p1", "one", at(300)).value(), Changed::not_found);
  auto described = *theirs;
  described.user_data = R"({"k":"v"})";  // what others change meanwhile stays
  EXPECT_EQ(db_->change_package(described, Happened::nothing).value(), Changed::done);
  auto done = *mine;
  done.state = Onboarding::onboarded;
  EXPECT_EQ(db_->finish_claim(done, "one").value(), Changed::not_found);
  EXPECT_EQ(db_->keep_claim("p1", "two", at(300)).value(), Changed::done);
  EXPECT_EQ(db_->finish_claim(done, "two").value(), Changed::done);
  EXPECT_EQ(db_->finish_claim(done, "two").value(), Changed::not_found);
  EXPECT_FALSE(db_->claim_package("two", at(400), at(500)).value());
  EXPECT_EQ(db_->find_package("p1").value()->user_data, described.user_data);
  EXPECT_EQ(db_->find_package("p1").value()->state, Onboarding::onboarded);
}

TEST_P(DatabaseClaims, AClockThatWasAheadHoldsNothingForEver) {
  auto waiting = package("p1");
  waiting.state = Onboarding::processing;
  ASSERT_TRUE(db_->add_package(waiting).ok());
  const auto year = 365 * 86400;
  ASSERT_TRUE(db_->claim_package("ahead", at(100 + year), at(160 + year)).value());
  EXPECT_FALSE(db_->claim_package("one", at(100 + year), at(200 + year)).value());
  EXPECT_TRUE(db_->claim_package("one", at(100), at(160)).value());
  EXPECT_FALSE(db_->claim_package("two", at(100), at(160)).value());
}

TEST_P(DatabaseClaims, WhatFailsAgainAndAgainKeepsNobodyWaiting) {
  const auto now = Instant::from_seconds(1000).value();
  for (const auto* id : {"bad", "worse", "good"}) {
    ASSERT_TRUE(db_->add_package(package(id)).ok());
    auto waiting = *db_->find_package(id).value();
    waiting.state = Onboarding::processing;
    ASSERT_EQ(db_->change_package(waiting, Happened::nothing).value(), Changed::done);
  }
  const auto claim = [&](Instant at) { return db_->claim_package("one", at, at.plus(100)).value(); };
  const auto fails = [&](const char* id, Instant at) {
    EXPECT_EQ(claim(at)->id, id);
    EXPECT_EQ(db_->keep_claim(id, "one", at.plus(30)).value(), Changed::done);
  };
  fails("bad", now);
  fails("worse", now.plus(40));
  EXPECT_EQ(claim(now.plus(80))->id, "good");
  fails("bad", now.plus(90));
  fails("worse", now.plus(91));
  fails("bad", now.plus(300));
}

TEST_P(DatabaseClaims, OneFetchesAPackageAtATime) {
  auto fetched = package("p1");
  ASSERT_TRUE(db_->add_package(package("p2")).ok());
  ASSERT_TRUE(db_->add_package(fetched).ok());
  fetched.state = Onboarding::uploading;
  EXPECT_FALSE(db_->claim_fetch("one", at(100), at(160)).value());
  ASSERT_EQ(db_->change_package(fetched, Happened::nothing).value(), Changed::done);
  EXPECT_FALSE(db_->claim_fetch("one", at(100), at(160)).value());  // it is uploaded
  ++fetched.revision;
  fetched.source = "https://files/'; DROP TABLE packages; --";
  ASSERT_EQ(db_->change_package(fetched, Happened::nothing).value(), Changed::done);
  const auto mine = db_->claim_fetch("one", at(100), at(160)).value();
  ASSERT_TRUE(mine);
  EXPECT_EQ(mine->id, "p1");
  EXPECT_EQ(mine->source, fetched.source);
  EXPECT_FALSE(db_->claim_fetch("two", at(159), at(220)).value());
  EXPECT_FALSE(db_->claim_package("two", at(160), at(220)).value());
  ASSERT_TRUE(db_->claim_fetch("two", at(160), at(220)).value());
  auto done = *mine;
  done.state = Onboarding::processing;
  EXPECT_EQ(db_->finish_claim(done, "one").value(), Changed::not_found);
  EXPECT_EQ(db_->finish_claim(done, "two").value(), Changed::done);
  EXPECT_EQ(db_->find_package("p1").value()->source, "");
}

TEST_P(DatabaseClaims, ManyWhoClaimNeverHoldTheSame) {
  for (int i = 0; i < 24; ++i) {
    auto waiting = package("p" + std::to_string(i));
    waiting.state = Onboarding::processing;
    ASSERT_TRUE(db_->add_package(waiting).ok());
  }
  std::vector<std::vector<std::string>> taken(4);
  std::vector<std::thread> threads;
  for (std::size_t n = 0; n < taken.size(); ++n) {
    threads.emplace_back([&, n] {
      while (const auto got = db_->claim_package("w" + std::to_string(n), at(100), at(200)).value())
        taken[n].push_back(got->id);
    });
  }
  for (auto& thread : threads) thread.join();
  std::vector<std::string> all;
  for (const auto& some : taken) all.insert(all.end(), some.begin(), some.end());
  EXPECT_GE(all.size(), 24U);  // none is left over
  std::sort(all.begin(), all.end());
  EXPECT_EQ(std::adjacent_find(all.begin(), all.end()), all.end());
}

INSTANTIATE_TEST_SUITE_P(Databases, DatabaseClaims, testing::Values("sqlite", "postgresql"),
                         [](const auto& name) { return std::string(name.param); });

}  // namespace
}  // namespace sallyport
