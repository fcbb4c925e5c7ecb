// SPDX-License-Identifier: Apache-2.0
#include "roles/operator/running.h"

#include <gtest/gtest.h>

#include "core/format/dsse.h"
#include "testkit/code_signer.h"
#include "testkit/signer.h"
#include "testkit/statements.h"

namespace sallyport::intake {
namespace {

using testkit::test_time;

const Sha256Digest evil = sha256(as_bytes("evil"));

NodeId node(const std::string& name) {
  return NodeId::parse(name).value();
}

NodeReport report_of(const std::string& name, Instant time = test_time()) {
  const auto release = [](std::uint64_t number, GenerationUse use, const Sha256Digest& package) {
    return ReportedGeneration{number, use, package, package, ProductId::parse("mme").value(), "1.0"};
  };
  return {
      node(name), PoolId::parse("mme-east").value(),
      time,       sha256({}),
      1,          {release(1, GenerationUse::previous, evil), release(2, GenerationUse::active, sha256({}))},
      {},         ReportedGate::none,
      0,          {},
      0,          sha256({})};
}

Bytes signed_by(const std::string& key, const NodeReport& report) {
  return testkit::to_bytes(
      testkit::make_envelope(print_node_report(report), {key}, std::string(node_report_payload_type)));
}

PinnedNodes pinned() {
  return {{node("mme-1"), testkit::TestSigner("bob-1").public_key()},
          {node("mme-2"), testkit::TestSigner("carol-1").public_key()}};
}

std::string refusal(const Bytes& file) {
  const auto fleet = read_fleet({{"file", file}}, pinned(), test_time()).value();
  EXPECT_TRUE(fleet.reports.empty() != fleet.refused.empty());
  return fleet.refused.empty() ? "" : std::string(name(fleet.refused.front().second.code));
}

TEST(FleetAttack, H08_ANodeSpeaksForItselfByTheKeyThatIsPinned) {
  EXPECT_EQ(refusal(signed_by("bob-1", report_of("mme-1"))), "");
  EXPECT_EQ(refusal(signed_by("bob-1", report_of("mme-2"))), "signer-unknown");
  EXPECT_EQ(refusal(signed_by("alice-1", report_of("mme-1"))), "signer-unknown");
  EXPECT_EQ(refusal(signed_by("bob-1", report_of("mme-1", test_time().plus(301)))), "order-not-yet-valid");
  auto flipped = signed_by("bob-1", report_of("mme-1"));
  flipped[flipped.size() - 20] ^= 1U;
  EXPECT_NE(refusal(flipped), "");
  EXPECT_EQ(refusal(copy(as_bytes("{}"))), "envelope-malformed");
}

TEST(Fleet, TheNewestOfEachNodeCountsAndOneThatIsRefusedKeepsNobodyOut) {
  auto newer = report_of("mme-1", test_time().plus(60));
  newer.generations[0].use = GenerationUse::kept;
  newer.generations[1].package = evil;
  const std::vector<ReportFile> files{{"new", signed_by("bob-1", newer)},
                                      {"strange", signed_by("alice-1", newer)},
                                      {"old", signed_by("bob-1", report_of("mme-1"))}};
  const auto fleet = read_fleet(files, pinned(), test_time().plus(60)).value();
  ASSERT_EQ(fleet.refused.size(), 1U);
  EXPECT_EQ(fleet.refused.front().first, "strange");
  EXPECT_EQ(fleet.silent, std::vector<NodeId>{node("mme-2")});
  const auto all = who_has(fleet, evil);
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].generation, 2U);  // the active one first
  const auto pool = PoolId::parse("mme-east").value();
  EXPECT_EQ(runs_on(fleet, pool, {evil}), "mme-1");
  EXPECT_EQ(runs_on(fleet, PoolId::parse("mme-west").value(), {evil}), "");
  EXPECT_EQ(runs_on(fleet, pool, {sha256(as_bytes("other"))}), "");
}

}  // namespace
}  // namespace sallyport::intake
