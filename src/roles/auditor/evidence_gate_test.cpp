// SPDX-License-Identifier: Apache-2.0
// What an evidence run says of the gate: what `node gate probe` answered, and what follows from that.
#include <gtest/gtest.h>

#include "adapters/commands/memory.h"
#include "adapters/disk/memory.h"
#include "roles/auditor/evidence_cases.h"
#include "testkit/pki.h"
#include "testkit/signer.h"
#include "testkit/statements.h"

namespace sallyport::auditor {
namespace {

std::string hole(const std::string& way, const std::string& state) {
  return R"({"way":")" + way + R"(","state":")" + state + R"(","detail":"of )" + way + R"("})";
}

class GateCase : public ::testing::Test {
 protected:
  // The record of a run in which the probe answers this.
  TestRecord record(const std::string& mode, const std::string& wanted, const std::string& holes) {
    return record_of({0,
                      R"({"ok":true,"result":{"mode":")" + mode + R"(","mode_from":"node","wanted":[)" +
                          wanted + R"(],"holes":[)" + holes + "]}}",
                      ""});
  }
  TestRecord record_of(const CommandResult& answer) {
    MemoryCommands commands([&](const auto&) { return answer; });
    EvidenceRequest request{"node", "out", "1", testkit::test_time(), "", {}, ""};
    const EvidencePorts ports{node_, out_, commands, key_, testkit::make_vendor("Nobody").certificate};
    Laboratory laboratory(commands, out_, request.time);
    CaseWorld world{request, ports, laboratory, {}, "mme-1", "mme-east"};
    EXPECT_TRUE(gate_case(world).ok());
    gate = world.gate;
    EXPECT_EQ(commands.history,
              (std::vector<std::vector<std::string>>{{"node", "gate", "probe", "--root", "node", "--json"}}));
    EXPECT_EQ(laboratory.records().size(), 1U);
    return laboratory.records().front();
  }

  MemoryDisk node_;
  MemoryDisk out_;
  testkit::TestSigner key_{"node"};
  GateEvidence gate;
};

TEST_F(GateCase, EveryWayThatIsNotDeclaredHasToBeClosed) {
  const auto closed = hole("exec-unlisted", "closed");
  const auto declared = hole("service-trace", "declared");
  EXPECT_EQ(record("enforce", "", closed + "," + declared).verdict, TestVerdict::pass);
  EXPECT_EQ(gate.mode, "enforce");
  EXPECT_EQ(gate.holes.size(), 2U);
  const auto failed = record("enforce", "", closed + "," + declared + "," + hole("exec-script", "open"));
  EXPECT_EQ(failed.verdict, TestVerdict::fail);
  EXPECT_EQ(failed.observed, "not closed: exec-script");
}

TEST_F(GateCase, WhatThePolicyWantsClosedIsWhatCounts) {
  const auto holes = hole("exec-unlisted", "closed") + "," + hole("exec-script", "open");
  EXPECT_EQ(record("enforce", R"("exec-unlisted")", holes).verdict, TestVerdict::pass);
  EXPECT_EQ(record("enforce", R"("exec-script")", holes).verdict, TestVerdict::fail);
  // What nobody tried is not closed.
  EXPECT_EQ(record("enforce", R"("exec-bind-mount")", holes).verdict, TestVerdict::fail);
}

TEST_F(GateCase, N14_AGateThatObservesClosesNothing) {
  const auto one = record("observe", "", hole("exec-unlisted", "closed"));
  EXPECT_EQ(one.verdict, TestVerdict::not_run);
  EXPECT_EQ(one.reason, "the gate observes: it denies nothing");
  EXPECT_EQ(describe(gate),
            "namespaces: read-only generation, writable folders noexec; fanotify gate in observe mode, as "
            "the node says");
}

TEST_F(GateCase, N14_WhatCouldNotBeTriedDidNotRun) {
  const auto none = record_of({7, R"({"ok":false,"error":{"code":"gate-not-running"}})", ""});
  EXPECT_EQ(none.verdict, TestVerdict::not_run);
  EXPECT_EQ(none.reason, "no gate runs on this node");
  EXPECT_EQ(describe(gate), "namespaces: read-only generation, writable folders noexec; no gate runs");
  EXPECT_EQ(gate.mode, "none");
  for (const auto& way : gate.holes) EXPECT_EQ(way.state, HoleState::not_run) << way.way;
  const auto stalled = record_of({1, R"({"ok":false,"error":{"code":"gate-stalled"}})", ""});
  EXPECT_EQ(stalled.verdict, TestVerdict::not_run);
  EXPECT_EQ(stalled.reason, "the gate could not be tried: gate-stalled");
}

}  // namespace
}  // namespace sallyport::auditor
