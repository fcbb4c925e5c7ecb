// SPDX-License-Identifier: Apache-2.0
// What counts as a reason of the day for a test not to run, and what does not.
#include "roles/auditor/evidence_today.h"

#include <gtest/gtest.h>

#include "adapters/commands/memory.h"
#include "adapters/disk/memory.h"
#include "core/trust/package.h"
#include "testkit/package.h"
#include "testkit/pki.h"
#include "testkit/signer.h"
#include "testkit/statements.h"

namespace sallyport::auditor {
namespace {

constexpr std::int64_t day = 86400;

class Today : public testing::Test {
 protected:
  Today() {
    InlineWorkers workers;
    const auto package = testkit::make_package();
    const auto checked = trust::package(MemorySource(package), policy_, testkit::test_time(), workers);
    CHECK(checked.ok());
    const auto verdict = testkit::make_verdict(policy_, *checked.value());
    const auto order = testkit::make_order(policy_, verdict);
    put("policy.json", as_bytes(testkit::print_policy(testkit::parts(testkit::acme().anchor_pem()))));
    put("generations/1/package.csar", package);
    put("generations/1/verdict.dsse", testkit::sign_statement(print_verdict(verdict), {"intake-1"}));
    put("generations/1/order.dsse",
        testkit::sign_statement(print_order(order), {"alice-1", "bob-1", "carol-1"}));
  }
  void put(const std::string& path, BytesView bytes) {
    node_.ensure_folder("generations").value();
    node_.ensure_folder("generations/1").value();
    node_.replace_file(path, bytes, 0600).value();
  }
  // The stage and the code of what stands in the way; "none".
  std::string obstacle(const std::vector<RevocationList>& lists, std::int64_t days,
                       const std::string& status = "") {
    MemoryCommands commands([&](const auto& words) {
      if (words[1] == "status") return CommandResult{0, status, ""};
      return CommandResult{3, R"({"ok":false,"error":{"code":"content-recalled"}})", ""};
    });
    const auto now = testkit::test_time().plus(days * day);
    EvidenceRequest request{"node", "out", "1", now, "", {}, ""};
    const EvidencePorts ports{node_, out_, commands, key_, testkit::make_vendor("Nobody").certificate};
    Laboratory laboratory(commands, out_, request.time);
    const auto kept = kept_generations(node_, "node").value();
    CHECK(kept.size() == 1);
    CaseWorld world{request, ports, laboratory, kept, "mme-1", "mme-east"};
    auto terms = terms_of_node(world).value();
    terms.policy.delivered_lists.insert(terms.policy.delivered_lists.end(), lists.begin(), lists.end());
    const auto found = lists.empty() ? obstacle_on_node(world, kept.front()).value()
                                     : obstacle_today(world, kept.front(), terms).value();
    if (!found) return "none";
    const auto from = found->reason.find("untampered: ") + 12;
    return std::to_string(static_cast<int>(found->stage)) + " " +
           found->reason.substr(from, found->reason.find(':', from) - from);
  }

  Policy policy_ = testkit::make_policy(testkit::acme().anchor_pem());
  MemoryDisk node_;
  MemoryDisk out_;
  testkit::TestSigner key_{"node"};
};

TEST_F(Today, GenuinePapersStandInNobodysWay) {
  EXPECT_EQ(obstacle({}, 0), "none");
}

TEST_F(Today, N14_WhatComesWithTimeDoes) {
  EXPECT_EQ(obstacle({}, 200), "4 verdict-stale");
  EXPECT_EQ(obstacle({}, 36500), "1 certificate-expired");
  const auto revoked = testkit::acme().revocation_list(7, testkit::CodeSigner::Lists::the_leaf);
  EXPECT_EQ(obstacle({RevocationList::from_der(revoked).value()}, 0), "1 certificate-revoked");
}

TEST_F(Today, N14_ARecallDoesWhereTheNodeHasOne) {
  node_.ensure_folder("recalls").value();
  EXPECT_EQ(obstacle({}, 0), "3 content-recalled");
  EXPECT_EQ(obstacle({}, 200), "3 content-recalled");  // met before the verdict
}

// The clock may be behind what the node has seen, and the node does not go by it then.
TEST_F(Today, N14_TimeIsTheNodesOwn) {
  const auto later = testkit::test_time().plus(200 * day).print();
  EXPECT_EQ(obstacle({}, 0, R"({"ok":true,"result":{"floors":{"time":")" + later + R"("}}})"),
            "4 verdict-stale");
}

// Else a node that takes genuine papers for forged ones would have no test that fails.
TEST_F(Today, N14_WhatNoDayExplainsDoesNot) {
  put("generations/1/verdict.dsse", as_bytes("{}"));
  EXPECT_EQ(obstacle({}, 0), "none");
  put("policy.json", as_bytes(testkit::print_policy(testkit::parts(testkit::stranger().anchor_pem()))));
  EXPECT_EQ(obstacle({}, 0), "none");
}

TEST(Obstacles, StandBeforeWhatComesLater) {
  const std::optional<Obstacle> recalled = Obstacle{Stage::recalls, ""};
  EXPECT_FALSE(stands_before(recalled, Stage::nothing));
  EXPECT_FALSE(stands_before(recalled, Stage::signer));
  EXPECT_TRUE(stands_before(recalled, Stage::recalls));
  EXPECT_TRUE(stands_before(recalled, Stage::order));
  EXPECT_FALSE(stands_before({}, Stage::order));
}

}  // namespace
}  // namespace sallyport::auditor
