// SPDX-License-Identifier: Apache-2.0
// Keys that are renewed, lost or stolen, as a node sees it: section R of the catalogue.
#include <gtest/gtest.h>

#include <functional>

#include "roles/node/officers_for_test.h"
#include "roles/node/status.h"

namespace sallyport::node {
namespace {

using testkit::PolicyParts;
using testkit::TestKey;

class KeyLife : public testing::Test {
 protected:
  KeyLife() {
    const auto first = officers_policy(1);
    node::init(disk,
               {copy(as_bytes(first)), NodeId::parse("mme-1").value(), PoolId::parse("mme-east").value()},
               world.now, node_key_for_test)
        .value();
  }
  // The next version of the policy, as changed.
  Policy change(const std::function<void(PolicyParts&)>& edit,
                const std::vector<std::string>& keys = {"alice-1", "bob-1"}) {
    auto parts = officers_parts(Books::open(disk).value().policy().version + 1);
    edit(parts);
    const auto at = world.ports();
    change_policy(at, signed_text(testkit::print_policy(parts), keys)).value();
    return testkit::make_policy(parts);
  }
  Policy in_force() { return Books::open(disk).value().policy(); }
  std::vector<std::string> findings() {
    const auto at = world.ports();
    std::vector<std::string> lines;
    for (const auto& finding : status(at).value().findings)
      lines.push_back(std::string(name(finding.code)) + " " + finding.where + ": " + finding.found);
    return lines;
  }
  bool verifies(install::GenerationNumber number) {
    InlineWorkers workers;
    return verify_generation(disk, Books::open(disk).value(), number, workers).ok();
  }
  static testkit::PackageParts by(const testkit::CodeSigner& vendor, testkit::PackageParts parts) {
    parts.signers = {&vendor};
    return parts;
  }
  using Lines = std::vector<std::string>;

  MemoryDisk disk;
  World world{disk};
};

// The vendor's old and new release key, before, during and after the overlap, in both directions.
TEST_F(KeyLife, R01_AVendorRenewsItsKey) {
  const auto& old_key = testkit::acme();
  const auto& new_key = testkit::stranger();
  const auto only_new = [&](PolicyParts& p) { p.sources[0].anchors = {new_key.anchor_pem()}; };
  auto beyond = officers_parts(9);
  only_new(beyond);
  const auto early = papers(by(new_key, second_parts()), testkit::make_policy(beyond), 2);
  world.install(papers(by(old_key, first_parts()), in_force(), 1)).value();
  EXPECT_EQ(refusal(world.install(early)), "signer-unknown");

  const auto both = change([&](PolicyParts& p) { p.sources[0].anchors.push_back(new_key.anchor_pem()); });
  world.install(papers(by(new_key, second_parts()), both, 2)).value();
  world.rollback().value();
  world.install(papers(by(old_key, third_parts()), both, 3)).value();
  EXPECT_EQ(findings(), Lines{});

  change(only_new);
  auto late_parts = by(old_key, third_parts());
  late_parts.version = "1.3";
  late_parts.counter = 4;
  EXPECT_EQ(refusal(world.install(papers(late_parts, both, 4))), "signer-unknown");
  EXPECT_TRUE(verifies(3));  // what runs is judged by the policy under which it came in
  EXPECT_EQ(world.runs(), third_service);
}

TEST_F(KeyLife, R02_AVendorsStolenKeyInstallsNothingMoreAndWhatItSignedIsListed) {
  world.install(papers(first_parts(), in_force(), 1)).value();
  world.install(papers(second_parts(), in_force(), 2)).value();
  const auto pending = papers(third_parts(), in_force(), 3);
  EXPECT_EQ(findings(), Lines{});
  const auto without =
      change([](PolicyParts& p) { p.sources[0].anchors = {testkit::stranger().anchor_pem()}; });
  EXPECT_EQ(refusal(world.install(pending)), "signer-unknown");
  const auto lines = findings();
  ASSERT_EQ(lines.size(), 2U);  // both generations that it keeps
  EXPECT_EQ(lines[0].substr(0, 28), "signer-unknown generation 1:");
  EXPECT_EQ(lines[1].substr(0, 28), "signer-unknown generation 2:");
  EXPECT_TRUE(world.rollback().ok());
  // Once another key has signed what runs, and what came before is collected, nothing is left of it.
  auto clean = by(testkit::stranger(), third_parts());
  world.install(papers(clean, without, 3)).value();
  clean.version = "1.3";
  clean.counter = 4;
  world.install(papers(clean, without, 4)).value();
  EXPECT_EQ(findings(), Lines{});
}

TEST_F(KeyLife, R02_ASourceThatLosesAProductIsListed) {
  world.install(papers(first_parts(), in_force(), 1)).value();
  change([](PolicyParts& p) { p.sources[0].products = {"test-product"}; });
  ASSERT_EQ(findings().size(), 1U);
  EXPECT_EQ(findings()[0].substr(0, 36), "signer-not-for-product generation 1:");
}

TEST_F(KeyLife, R03_AnApproversStolenKeyVoidsWhatIsPendingAndListsWhatItApproved) {
  world.install(papers(first_parts(), in_force(), 1)).value();
  const auto pending = papers(second_parts(), in_force(), 2);
  const auto after = change([](PolicyParts& p) {
    p.persons.push_back({"erin", {"release"}, {TestKey("erin-1").public_pem()}});
    p.persons[2].revoked_at = "2026-11-20T00:00:00Z";  // carol
  });
  EXPECT_EQ(refusal(world.install(pending)), "policy-mismatch");
  ASSERT_EQ(findings().size(), 1U);
  EXPECT_EQ(findings()[0], "signer-revoked generation 1: carol, revoked at 2026-11-20T00:00:00Z");
  EXPECT_EQ(refusal(world.install(papers(second_parts(), after, 2))), "signer-revoked");
  EXPECT_TRUE(verifies(1));
}

// A revocation that the policy has for a day to come is one from that day on, without another change.
TEST_F(KeyLife, R03_ARevocationToComeComes) {
  const auto coming = change([](PolicyParts& p) {
    p.persons.push_back({"erin", {"release"}, {TestKey("erin-1").public_pem()}});
    p.persons[2].revoked_at = "2026-11-21T23:00:00Z";
  });
  world.install(papers(first_parts(), coming, 1)).value();
  EXPECT_EQ(findings(), Lines{});
  world.now = testkit::test_time().plus(3599);
  EXPECT_EQ(findings(), Lines{});
  world.now = testkit::test_time().plus(3600);
  EXPECT_EQ(findings().size(), 1U);
  EXPECT_EQ(refusal(world.install(papers(second_parts(), coming, 2))), "signer-revoked");
}

// An officer who lost a key: the others replace it; the lost one changes nothing on its way.
TEST_F(KeyLife, R03_AnOfficersLostKeyIsReplacedByTheOthers) {
  const auto replaced = [](PolicyParts& p) { p.persons[1].keys = {TestKey("bob-3").public_pem()}; };
  change(replaced, {"alice-1", "carol-1"});
  auto parts = officers_parts(3);
  const auto at = world.ports();
  EXPECT_EQ(refusal(change_policy(at, signed_text(testkit::print_policy(parts), {"alice-1", "bob-1"}))),
            "policy-quorum-missing");  // the lost key, though the next policy would take it back
  change(replaced, {"alice-1", "bob-3"});
}

// With too few officers left nobody changes the policy, whatever else they can do: the node is made anew.
TEST_F(KeyLife, R03_WithoutAQuorumOfOfficersThereIsNoWayRound) {
  const auto at = world.ports();
  const auto next = testkit::print_policy(officers_parts(2));
  for (const std::vector<std::string>& keys : std::vector<std::vector<std::string>>{{"alice-1"},
                                                                                    {"bob-1", "bob-2"},
                                                                                    {"alice-1", "dave-1"},
                                                                                    {"alice-1", "intake-1"},
                                                                                    {"alice-1", "node"}}) {
    EXPECT_NE(refusal(change_policy(at, signed_text(next, keys))), "") << keys.back();
  }
  EXPECT_EQ(in_force().version, 1U);
}

// R08: nothing in a package is a policy, whatever it calls its files.
TEST_F(KeyLife, R08_APackageDoesNotChangeWhatJudgesIt) {
  auto parts = first_parts();
  auto greedy = officers_parts(2);
  greedy.sources.push_back({"evil", {"mme"}, {testkit::stranger().anchor_pem()}});
  for (const auto* path :
       {"policy.json", "node.json", "journal", "state.a", "policies/next.json", "node.key"})
    parts.files[path] = {testkit::print_policy(greedy), 0644};
  const auto before = disk.read_small("policy.json", policy_size_max).value();
  world.install(papers(parts, in_force(), 1)).value();
  EXPECT_EQ(disk.read_small("policy.json", policy_size_max).value(), before);
  EXPECT_FALSE(disk.find("policies").value().has_value());
  EXPECT_EQ(in_force().version, 1U);
  EXPECT_EQ(refusal(world.install(
                papers(by(testkit::stranger(), second_parts()), testkit::make_policy(greedy), 2))),
            "signer-unknown");
  EXPECT_TRUE(world.fsck().findings.empty());
}

// A key of two PEM blocks, a certificate for a key, a key with something behind it: none of these loads.
TEST_F(KeyLife, R06_AKeyIsOneKeyAndNothingElse) {
  const auto key = TestKey("erin-1").public_pem();
  const auto loads = [](const std::string& pem) {
    auto parts = officers_parts(2);
    parts.persons.push_back({"erin", {"release"}, {pem}});
    return parse_policy(as_bytes(testkit::print_policy(parts))).ok();
  };
  EXPECT_TRUE(loads(key));
  EXPECT_FALSE(loads(key + TestKey("erin-2").public_pem()));
  EXPECT_FALSE(loads(key + testkit::acme().anchor_pem()));
  EXPECT_FALSE(loads(testkit::acme().anchor_pem() + key));
  EXPECT_FALSE(loads(testkit::acme().anchor_pem()));
  EXPECT_FALSE(loads(TestKey("erin-1").private_pem()));
  EXPECT_FALSE(loads(key + "more"));
  EXPECT_FALSE(loads("more\n" + key));
  EXPECT_FALSE(loads(key + key));
}

class Initialising : public testing::Test {
 protected:
  MemoryDisk disk;
  World world{disk};
};

// Whoever takes a node's books away does not get its counters back to zero.
TEST_F(Initialising, ANodeThatRanIsNotMadeAnew) {
  world.init().value();
  world.install(first_delivery()).value();
  world.install(second_delivery()).value();
  for (const auto* path : {"node.json", "journal"}) disk.remove(path).value();
  EXPECT_EQ(refusal(world.init()), "node-already-initialised");
  for (const auto* path : {"state.a", "state.b", "policy.json"}) disk.remove(path).value();
  EXPECT_EQ(refusal(world.init()), "node-already-initialised");
  disk.remove_tree("active").value();
  EXPECT_EQ(refusal(world.init()), "node-already-initialised");
}

TEST_F(Initialising, OneThatWasCutShortIsBegunAnew) {
  world.init().value();
  disk.remove("node.json").value();
  EXPECT_EQ(refusal(world.init()), "");
  disk.remove("node.json").value();
  disk.remove("journal").value();
  EXPECT_EQ(refusal(world.init()), "");
  EXPECT_EQ(refusal(world.init()), "node-already-initialised");
}

}  // namespace
}  // namespace sallyport::node
