// SPDX-License-Identifier: Apache-2.0
#include "core/format/gate_metrics.h"

#include <gtest/gtest.h>

namespace sallyport {
namespace {

GateStatus status() {
  return {
      4711,
      GateMode::observe,
      ModeFrom::policy,
      7,
      12,
      {3, 4},
      99,
      {{ServiceId::parse("mme").value(), 25}},
      {1000000, 18, 3, 4, 5, 6, 7, {{{8, 0}, {10, 1}, {0, 0}, {0, 2}, {0, 0}}}},
      {"exec-script"},
      {{"exec-script", HoleState::open, "it went \"through\"\n"}, {"exec-unlisted", HoleState::closed, ""}}};
}

const NodeId node = NodeId::parse("mme-1").value();

bool has_line(const std::string& text, const std::string& line) {
  return ("\n" + text).find("\n" + line + "\n") != std::string::npos;
}

TEST(GateMetricsTest, EveryNumberOfTheStatusIsASeries) {
  const auto text = print_gate_metrics({node, status(), 1, true});
  for (const std::string line : {
           R"(up{node="mme-1"} 1)",
           R"(mode{node="mme-1",mode="observe"} 1)",
           R"(mode{node="mme-1",mode="enforce"} 0)",
           R"(mode_from_policy{node="mme-1"} 1)",
           R"(policy_version{node="mme-1"} 7)",
           R"(observes_too_long{node="mme-1"} 1)",
           R"(generation_may_run{node="mme-1",generation="3"} 1)",
           R"(generation_may_run{node="mme-1",generation="4"} 1)",
           R"(contents{node="mme-1"} 99)",
           R"(services{node="mme-1"} 1)",
           R"(answers_total{node="mme-1"} 1000000)",
           R"(denied_total{node="mme-1",reason="unlisted"} 8)",
           R"(denied_total{node="mme-1",reason="code-in-data"} 10)",
           R"(denied_total{node="mme-1",reason="not-a-file"} 0)",
           R"(would_deny_total{node="mme-1",reason="code-in-data"} 1)",
           R"(would_deny_total{node="mme-1",reason="unmeasured"} 2)",
           R"(would_deny_total{node="mme-1",reason="being-written"} 0)",
           R"(unrecorded_total{node="mme-1"} 4)",
           R"(queue_overflows_total{node="mme-1"} 5)",
           R"(restarts_total{node="mme-1"} 6)",
           R"(late_answers_total{node="mme-1"} 7)",
           R"(ways_not_closed{node="mme-1"} 1)",
           R"(way{node="mme-1",way="exec-script",state="open"} 1)",
           R"(way{node="mme-1",way="exec-unlisted",state="closed"} 1)",
       }) {
    EXPECT_TRUE(has_line(text, "sallyport_gate_" + line)) << line << "\n" << text;
  }
  EXPECT_TRUE(has_line(text, "# TYPE sallyport_gate_denied_total counter"));
  EXPECT_TRUE(has_line(text, "# TYPE sallyport_gate_contents gauge"));
}

// What the gate before counted is no number of one that does not run.
TEST(GateMetricsTest, WithoutAGateItSaysThatAndNothingElse) {
  EXPECT_EQ(print_gate_metrics({node, std::nullopt}),
            "# HELP sallyport_gate_up Whether a gate runs.\n"
            "# TYPE sallyport_gate_up gauge\n"
            "sallyport_gate_up{node=\"mme-1\"} 0\n");
}

TEST(GateMetricsTest, TheOtherModeIsTold) {
  auto enforcing = status();
  enforcing.mode = GateMode::enforce;
  enforcing.mode_from = ModeFrom::node;
  const auto text = print_gate_metrics({node, enforcing});
  EXPECT_TRUE(has_line(text, R"(sallyport_gate_mode{node="mme-1",mode="observe"} 0)"));
  EXPECT_TRUE(has_line(text, R"(sallyport_gate_mode{node="mme-1",mode="enforce"} 1)"));
  EXPECT_TRUE(has_line(text, R"(sallyport_gate_mode_from_policy{node="mme-1"} 0)"));
  EXPECT_TRUE(has_line(text, R"(sallyport_gate_observes_too_long{node="mme-1"} 0)"));
  EXPECT_TRUE(has_line(text, R"(sallyport_gate_ways_not_closed{node="mme-1"} 0)"));
}

}  // namespace
}  // namespace sallyport
