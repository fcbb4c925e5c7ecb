// SPDX-License-Identifier: Apache-2.0
#include "core/format/policy_gate.h"

#include <gtest/gtest.h>

#include <fstream>

#include "core/format/gate_ways.h"
#include "core/format/policy.h"
#include "testkit/source.h"
#include "testkit/statements.h"

namespace sallyport {
namespace {

// A policy whose only pool has this member `gate`.
std::string with_gate(const std::string& gate) {
  auto text = testkit::print_policy(testkit::parts());
  const std::string_view place = "\"approvals\":{\"propose\"";
  const auto at = text.find(place);
  EXPECT_NE(at, std::string::npos);
  return text.insert(at, "\"gate\":" + gate + ",");
}

Result<GateRule> rule_of(const std::string& gate) {
  return *TRY(parse_policy(as_bytes(with_gate(gate)))).pools.begin()->second.gate;
}

// Each line: what the policy says, a tab, and how it is understood or where it is refused.
TEST(PolicyGateTest, M38_VectorsAreUnderstoodOrRefused) {
  std::ifstream file(source_file("tests/vectors/policy_gate.txt"));
  std::string line;
  int lines = 0;
  while (std::getline(file, line)) {
    if (line.empty() || line.front() == '#') continue;
    ++lines;
    const auto tab = line.find('\t');
    ASSERT_NE(tab, std::string::npos) << line;
    const auto rule = rule_of(line.substr(0, tab));
    const auto expected = line.substr(tab + 1);
    if (rule.ok()) {
      EXPECT_EQ(describe(rule.value()), expected) << line;
    } else {
      EXPECT_EQ(rule.error().code, Code::policy_malformed) << line;
      EXPECT_EQ("refused: " + rule.error().where, expected) << line;
    }
  }
  EXPECT_GE(lines, 15);
}

TEST(PolicyGateTest, SaysNothingWhereItIsAbsent) {
  const auto text = testkit::print_policy(testkit::parts());
  EXPECT_FALSE(parse_policy(as_bytes(text)).value().pools.begin()->second.gate);
}

TEST(PolicyGateTest, TheHostIsObservedAsLongAsThePolicySays) {
  const auto observed =
      rule_of(R"({"mode":"enforce","scope":"host","host_observe_until":"2026-12-31T23:59:59Z"})").value();
  EXPECT_EQ(observed.mode, GateMode::enforce);
  EXPECT_EQ(host_mode(observed), GateMode::observe);
  EXPECT_EQ(host_mode(rule_of(R"({"mode":"enforce","scope":"host"})").value()), GateMode::enforce);
}

TEST(PolicyGateTest, AllWaysAreWantedClosedUnlessSomeAreNamed) {
  EXPECT_EQ(rule_of(R"({"mode":"enforce"})").value().closed.size(), gate_ways.size());
  EXPECT_EQ(rule_of(R"({"mode":"enforce","closed":["exec-script"]})").value().closed,
            std::vector<std::string>{"exec-script"});
}

TEST(PolicyGateTest, M38_ObservingHasAnEnd) {
  const auto rule = rule_of(R"({"mode":"observe","observe_until":"2026-12-31T23:59:59Z"})").value();
  const auto last = Instant::parse("2026-12-31T23:59:59Z").value();
  EXPECT_FALSE(observes_too_long(rule, last));
  EXPECT_EQ(observes_too_long(rule, last.plus(1)).value().code, Code::gate_observes_too_long);
  EXPECT_FALSE(observes_too_long(rule_of(R"({"mode":"enforce"})").value(), last.plus(1)));
}

}  // namespace
}  // namespace sallyport
