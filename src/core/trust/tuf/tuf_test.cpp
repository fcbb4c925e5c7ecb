// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "core/trust/tuf/hashes.h"
#include "core/trust/tuf/paths.h"
#include "core/trust/tuf/repository_for_test.h"
#include "core/trust/tuf/search.h"

namespace sallyport::tuf {
namespace {

using testkit::TestKey;

Code refusal(const Result<void>& result) {
  return result.ok() ? Code::internal_error : result.error().code;
}

TEST(TufRoot, F05_ExactlyOneVersionOn) {
  RepositoryForTest repo;
  const auto first = repo.root_file();
  auto chain = RootChain::begin(as_bytes(first)).value();
  repo.root.version = 3;
  EXPECT_EQ(refusal(chain.extend(as_bytes(repo.root_file()))), Code::tuf_version_wrong);
  EXPECT_EQ(refusal(chain.extend(as_bytes(first))), Code::tuf_version_wrong);
  EXPECT_EQ(chain.root().version, 1U);
  repo.root.version = 2;
  EXPECT_TRUE(chain.extend(as_bytes(repo.root_file())).ok());
  EXPECT_EQ(chain.root().version, 2U);
  EXPECT_EQ(refusal(chain.extend(as_bytes(first))), Code::tuf_version_wrong);
}

TEST(TufRoot, F05_OldAndNewQuorum) {
  RepositoryForTest repo;
  auto chain = RootChain::begin(as_bytes(repo.root_file())).value();
  repo.root.version = 2;
  repo.root.roles.at(Role::root) = repo.role({"dave-1", "erin-1"}, 2);
  for (const auto& signers : std::vector<std::vector<std::string>>{{"alice-1", "bob-1"},
                                                                   {"dave-1", "erin-1"},
                                                                   {"alice-1", "dave-1", "erin-1"},
                                                                   {"alice-1", "bob-1", "dave-1"}}) {
    EXPECT_EQ(refusal(chain.extend(as_bytes(repo.root_file(signers)))), Code::tuf_signatures_missing);
  }
  EXPECT_TRUE(chain.extend(as_bytes(repo.root_file({"alice-1", "bob-1", "dave-1", "erin-1"}))).ok());
}

TEST(TufRoot, F13_VersionCannotOverflow) {
  RepositoryForTest repo;
  repo.root.version = (1ULL << 63U) - 1;
  auto chain = RootChain::begin(as_bytes(repo.root_file())).value();
  for (const std::uint64_t version : {0ULL, 1ULL, 1ULL << 62U}) {
    repo.root.version = version;
    EXPECT_FALSE(chain.extend(as_bytes(repo.root_file())).ok());
  }
}

TEST(TufRoot, F15_ExpiredRootsOnTheWayAndOnlyTheLastCounts) {
  RepositoryForTest repo;
  repo.root.expires = repo.now.plus(-400 * 86400);
  auto chain = RootChain::begin(as_bytes(repo.root_file())).value();
  for (std::uint64_t version = 2; version < 9; ++version) {
    repo.root.version = version;
    ASSERT_TRUE(chain.extend(as_bytes(repo.root_file())).ok());
  }
  EXPECT_EQ(TrustedSet::begin(chain, repo.now).error().code, Code::tuf_expired);
  repo.root.version = 9;
  repo.root.expires = repo.now.plus(86400);
  ASSERT_TRUE(chain.extend(as_bytes(repo.root_file())).ok());
  EXPECT_TRUE(TrustedSet::begin(chain, repo.now).ok());
  // The very second counts as expired.
  EXPECT_EQ(TrustedSet::begin(chain, repo.root.expires).error().code, Code::tuf_expired);
}

TEST(TufRoot, RemovedOnlineKeyIsSeen) {
  RepositoryForTest repo;
  auto chain = RootChain::begin(as_bytes(repo.root_file())).value();
  repo.root.version = 2;
  repo.root.roles.at(Role::timestamp).keys.push_back(TestKey("dave-1").public_key());
  ASSERT_TRUE(chain.extend(as_bytes(repo.root_file())).ok());
  EXPECT_EQ(chain.online(), RootChain::Online::same_keys);
  repo.root.version = 3;
  repo.root.roles.at(Role::timestamp) = repo.role({"dave-1"}, 1);
  ASSERT_TRUE(chain.extend(as_bytes(repo.root_file())).ok());
  EXPECT_EQ(chain.online(), RootChain::Online::keys_replaced);
}

// One set with everything loaded, and the next file of each role.
class TufSet : public testing::Test {
 protected:
  TufSet() : set_(start()) {}

  TrustedSet start() {
    auto set = TrustedSet::begin(RootChain::begin(as_bytes(repo_.root_file())).value(), repo_.now).value();
    EXPECT_TRUE(set.offer_timestamp(as_bytes(repo_.timestamp_file())).ok());
    EXPECT_TRUE(set.offer_snapshot(as_bytes(repo_.snapshot_file())).ok());
    EXPECT_TRUE(set.offer_targets(targets_edge(), as_bytes(repo_.targets_file())).ok());
    return set;
  }
  // As a new refresh would: what was trusted is recalled.
  TrustedSet again() {
    auto set = TrustedSet::begin(RootChain::begin(as_bytes(repo_.root_file())).value(), repo_.now).value();
    EXPECT_TRUE(set.recall_timestamp(as_bytes(repo_.timestamp_file())).ok());
    return set;
  }

  RepositoryForTest repo_;
  TrustedSet set_;
};

TEST_F(TufSet, F12_TimestampThatChangedUnderItsVersionIsNotTaken) {
  auto set = again();
  repo_.snapshot_version = 100;
  EXPECT_EQ(set.offer_timestamp(as_bytes(repo_.timestamp_file())).value(), TrustedSet::Offered::kept);
  EXPECT_EQ(set.snapshot_wanted().version, 1U);
}

TEST_F(TufSet, F03_FreezeIsFoundByExpiry) {
  auto set = again();
  const auto same = repo_.timestamp_file();
  repo_.now = repo_.now.plus(400 * 86400);
  repo_.root.expires = repo_.now.plus(86400);
  auto later = TrustedSet::begin(RootChain::begin(as_bytes(repo_.root_file())).value(), repo_.now).value();
  EXPECT_TRUE(later.recall_timestamp(as_bytes(same)).ok());
  EXPECT_EQ(later.offer_timestamp(as_bytes(same)).error().code, Code::tuf_expired);
}

TEST_F(TufSet, F01_TimestampAndSnapshotDoNotGoBack) {
  const auto old = repo_.timestamp_file();
  repo_.timestamp_version = 2;
  auto set = again();
  EXPECT_EQ(set.offer_timestamp(as_bytes(old)).error().code, Code::tuf_rollback);
  repo_.snapshot_version = 5;
  EXPECT_EQ(set.offer_timestamp(as_bytes(repo_.timestamp_file())).value(), TrustedSet::Offered::kept);
  repo_.timestamp_version = 3;
  EXPECT_EQ(set.offer_timestamp(as_bytes(repo_.timestamp_file())).value(), TrustedSet::Offered::taken);
  repo_.timestamp_version = 4;
  repo_.snapshot_version = 4;
  EXPECT_EQ(set.offer_timestamp(as_bytes(repo_.timestamp_file())).error().code, Code::tuf_rollback);
}

TEST_F(TufSet, F06_RefusedMetadataLeavesTheSetAsItWas) {
  repo_.timestamp_version = 2;
  EXPECT_EQ(set_.offer_timestamp(as_bytes(repo_.timestamp_file({"alice-1"}))).error().code,
            Code::tuf_signatures_missing);
  repo_.snapshot_version = 9;
  EXPECT_FALSE(set_.offer_snapshot(as_bytes(repo_.snapshot_file())).ok());
  EXPECT_TRUE(set_.snapshot_is_current());
  EXPECT_EQ(set_.targets_wanted("targets").value().version, 1U);
}

TEST_F(TufSet, F07_WhatIsRecalledIsVerifiedItself) {
  auto set = TrustedSet::begin(RootChain::begin(as_bytes(repo_.root_file())).value(), repo_.now).value();
  EXPECT_EQ(refusal(set.recall_timestamp(as_bytes(repo_.timestamp_file({"alice-1"})))),
            Code::tuf_signatures_missing);
  EXPECT_EQ(refusal(set.recall_timestamp(as_bytes("{}"))), Code::tuf_malformed);
}

TEST_F(TufSet, F10_F14_RolesNeitherGoBackNorVanish) {
  repo_.roles.insert_or_assign("role", WrittenFile{5, {10, sha256({})}});
  repo_.snapshot_version = 2;
  repo_.timestamp_version = 2;
  ASSERT_TRUE(set_.offer_timestamp(as_bytes(repo_.timestamp_file())).ok());
  ASSERT_TRUE(set_.offer_snapshot(as_bytes(repo_.snapshot_file())).ok());
  repo_.snapshot_version = 3;
  repo_.timestamp_version = 3;
  repo_.roles.at("role").version = 4;
  ASSERT_TRUE(set_.offer_timestamp(as_bytes(repo_.timestamp_file())).ok());
  EXPECT_EQ(refusal(set_.offer_snapshot(as_bytes(repo_.snapshot_file()))), Code::tuf_rollback);
  repo_.roles.erase("role");
  repo_.timestamp_version = 4;
  ASSERT_TRUE(set_.offer_timestamp(as_bytes(repo_.timestamp_file())).ok());
  EXPECT_EQ(refusal(set_.offer_snapshot(as_bytes(repo_.snapshot_file()))), Code::tuf_role_missing);
}

TEST_F(TufSet, F08_OneRoutineForAllRoles) {
  repo_.targets.delegations.push_back({"role", repo_.role({"carol-1"}, 1), {"*"}});
  TargetsDraft role{1, repo_.now.plus(86400), {}, {}};
  const auto genuine = repo_.file(print_targets(role), {"carol-1"});
  repo_.list("role", 1, genuine);
  auto set = start();
  const Edge edge{"targets", "role"};
  role.expires = repo_.now;
  const auto expired = repo_.file(print_targets(role), {"carol-1"});
  EXPECT_EQ(refusal(set.offer_targets(edge, as_bytes(expired))), Code::tuf_digest_mismatch);
  EXPECT_EQ(refusal(set.offer_targets(edge, as_bytes(genuine + " "))), Code::tuf_digest_mismatch);
  EXPECT_TRUE(set.offer_targets(edge, as_bytes(genuine)).ok());
  repo_.list("role", 1, expired);
  auto second = start();
  EXPECT_EQ(refusal(second.offer_targets(edge, as_bytes(expired))), Code::tuf_expired);
  repo_.list("role", 2, genuine);
  auto third = start();
  EXPECT_EQ(refusal(third.offer_targets(edge, as_bytes(genuine))), Code::tuf_version_wrong);
}

TEST_F(TufSet, F09_HeldForOneDelegatorIsAskedAgainForAnother) {
  repo_.targets.delegations = {{"a", repo_.role({"carol-1"}, 1), {"*"}},
                               {"b", repo_.role({"carol-1"}, 1), {"*"}}};
  const TargetsDraft a{1, repo_.now.plus(86400), {}, {{"c", repo_.role({"dave-1"}, 1), {"*"}}}};
  const TargetsDraft b{1, repo_.now.plus(86400), {}, {{"c", repo_.role({"erin-1"}, 1), {"*"}}}};
  const auto a_file = repo_.file(print_targets(a), {"carol-1"});
  const auto b_file = repo_.file(print_targets(b), {"carol-1"});
  const auto c_file = repo_.file(print_targets({1, repo_.now.plus(86400), {}, {}}), {"dave-1"});
  repo_.list("a", 1, a_file);
  repo_.list("b", 1, b_file);
  repo_.list("c", 1, c_file);
  auto set = start();
  ASSERT_TRUE(set.offer_targets({"targets", "a"}, as_bytes(a_file)).ok());
  ASSERT_TRUE(set.offer_targets({"targets", "b"}, as_bytes(b_file)).ok());
  ASSERT_TRUE(set.offer_targets({"a", "c"}, as_bytes(c_file)).ok());
  EXPECT_EQ(set.holds({"a", "c"}).value(), TrustedSet::Held::yes);
  EXPECT_EQ(set.holds({"b", "c"}).error().code, Code::tuf_signatures_missing);
}

TEST(TufSearch, F09_TerminatingEndsTheSearchOutside) {
  const auto role = [](std::string name, bool terminating) {
    return DelegatedRole{std::move(name), {{}, 1}, terminating, {"*"}, {}};
  };
  Targets top{{{}, 1, Instant::from_seconds(1).value()},
              {},
              {role("a", false), role("b", true), role("c", false)},
              {}};
  TargetSearch search("x");
  ASSERT_EQ(search.next().value()->role, "targets");
  EXPECT_EQ(search.visit(top, "targets"), nullptr);
  EXPECT_EQ(search.next().value()->role, "a");
  EXPECT_EQ(search.next().value()->role, "b");
  EXPECT_FALSE(search.next().value().has_value());
}

TEST(TufPaths, BinsAreThoseOfTap15) {
  const auto make = [](std::uint32_t bits) { return SuccinctRoles{Authority{{}, 1}, bits, "bin"}; };
  const auto bins = make(8);
  // The first byte of SHA-256("bar") is fc: FIPS 180-4 by other hands.
  EXPECT_EQ(bin_for(bins, "bar"), "bin-fc");
  EXPECT_EQ(bin_for(make(1), "bar"), "bin-1");
  EXPECT_EQ(bin_for(make(5), "bar"), "bin-1f");
  EXPECT_TRUE(is_bin_of(bins, "bin-00"));
  for (const auto* name : {"bin-0", "bin-000", "bin-0G", "bin-FC", "other-00", "bin", "bin-"})
    EXPECT_FALSE(is_bin_of(bins, name));
  EXPECT_FALSE(is_bin_of(make(5), "bin-20"));
}

TEST(TufTarget, EndlessContentIsRefusedAtTheFirstByteTooMany) {
  const Bytes content(10, 1);
  TargetCheck check({10, {{{"sha256", sha256(content).text()}}, "x"}}, "target");
  ASSERT_TRUE(check.feed(content).ok());
  EXPECT_EQ(refusal(check.feed(BytesView(content).first(1))), Code::tuf_digest_mismatch);
  EXPECT_TRUE(check.finish().ok());
}

TEST(TufWrite, FilesAreTakenApartAndPutTogether) {
  RepositoryForTest repo;
  const auto file = repo.root_file();
  const auto parts = take_apart(as_bytes(file)).value();
  EXPECT_EQ(put_together(parts), file);
  EXPECT_EQ(parts.text, print_root(repo.root));
  EXPECT_EQ(take_apart(as_bytes(" " + file)).error().code, Code::tuf_malformed);
}

}  // namespace
}  // namespace sallyport::tuf
