// SPDX-License-Identifier: Apache-2.0
#include "core/format/gate.h"

#include <gtest/gtest.h>

#include "core/format/gate_status.h"

namespace sallyport {
namespace {

const std::string good =
    "enforce open service regular data code steady 12 " + std::string(64, 'a') + " deny code-in-data";

TEST(GateTraceTest, HasOneSpelling) {
  EXPECT_EQ(print_trace(parse_trace(good).value()), good);
  for (const auto& [from, to] :
       std::vector<std::pair<std::string, std::string>>{{"enforce", "Enforce"},
                                                        {" 12 ", " 012 "},
                                                        {" 12 ", " -1 "},
                                                        {" 12 ", " 99999999999999999999 "},
                                                        {"aaaa", "aaAa"},
                                                        {"open", "close"},
                                                        {" deny", ""},
                                                        {"code-in-data", "code-in-data "},
                                                        {" data", "  data"},
                                                        {"steady", ""}}) {
    auto text = good;
    text.replace(text.find(from), from.size(), to);
    const auto line = parse_trace(text);
    ASSERT_FALSE(line.ok()) << text;
    EXPECT_EQ(line.error().code, Code::gate_trace_malformed);
  }
  EXPECT_FALSE(parse_trace(std::string(10000, 'a')).ok());
}

TEST(GateStatusTest, ReadsWhatItPrints) {
  const GateStatus status{
      4711,
      GateMode::observe,
      ModeFrom::policy,
      7,
      12,
      {3, 4},
      99,
      {{ServiceId::parse("mme").value(), 25}},
      {1, 2, 3, 4, 5, 6, 7, {{{8, 9}, {10, 11}, {12, 13}, {14, 15}, {16, 17}}}},
      {"exec-script"},
      {{"exec-script", HoleState::open, "it went through"}, {"exec-unlisted", HoleState::not_run, ""}},
      {{812, "mme", "/usr/bin/old (deleted)"}, {813, "", "/memfd:x"}},
      2};
  const auto text = print_gate_status(status);
  EXPECT_EQ(parse_gate_status(as_bytes(text)).value(), status);
  EXPECT_FALSE(parse_gate_status(as_bytes(text.substr(0, text.size() - 3))).ok());
  auto other = text;
  other.replace(other.find("observe"), 7, "neither");
  EXPECT_FALSE(parse_gate_status(as_bytes(other)).ok());
  auto fewer = text;
  const std::string last = R"(,{"reason":"being-written","denied":16,"would_deny":17})";
  fewer.erase(fewer.find(last), last.size());
  EXPECT_FALSE(parse_gate_status(as_bytes(fewer)).ok());
  auto renamed = text;
  renamed.replace(renamed.find("not-a-file"), 10, "not-a-fish");
  EXPECT_FALSE(parse_gate_status(as_bytes(renamed)).ok());
}

}  // namespace
}  // namespace sallyport
