// SPDX-License-Identifier: Apache-2.0
#include "core/format/node_report.h"

#include <gtest/gtest.h>

namespace sallyport {
namespace {

NodeReport report_for_test() {
  const auto digest = sha256(as_bytes(std::string_view("x")));
  const auto product = ProductId::parse("mme").value();
  return {NodeId::parse("mme-1").value(),
          PoolId::parse("mme-east").value(),
          Instant::parse("2026-11-21T22:06:00Z").value(),
          digest,
          3,
          {{3, GenerationUse::previous, digest, digest, product, "1.0"},
           {4, GenerationUse::active, digest, digest, product, "1.1"}},
          {{ServiceId::parse("mme").value(), ReportedState::running}},
          ReportedGate::enforce,
          7,
          {"break-glass-used", "clock-implausible"},
          12,
          digest};
}

TEST(NodeReport, WhatIsPrintedIsRead) {
  const auto report = report_for_test();
  const auto text = print_node_report(report);
  EXPECT_EQ(parse_node_report(as_bytes(text)).value(), report);
  auto nothing = report;
  nothing.generations.clear();
  nothing.services.clear();
  nothing.findings.clear();
  EXPECT_EQ(parse_node_report(as_bytes(print_node_report(nothing))).value(), nothing);
}

TEST(NodeReport, HasOneSpelling) {
  const auto text = print_node_report(report_for_test());
  EXPECT_EQ(parse_node_report(as_bytes(text + "\n")).error().code, Code::statement_malformed);
  EXPECT_EQ(parse_node_report(as_bytes(" " + text)).error().code, Code::statement_malformed);
}

TEST(NodeReport, AllOfItIsShown) {
  std::string text;
  for (const auto& field : node_report_fields(report_for_test()))
    text += field.name + ": " + field.value + "\n";
  const auto digest = sha256(as_bytes(std::string_view("x"))).text();
  EXPECT_EQ(text, "node: mme-1\npool: mme-east\ntime: 2026-11-21T22:06:00Z\npolicy: " + digest +
                      "\npolicy version: 3\ngeneration 3: previous: mme 1.0, package " + digest +
                      ", release " + digest + "\ngeneration 4: active: mme 1.1, package " + digest +
                      ", release " + digest +
                      "\nservice: mme: running\ngate: enforce\nrecall: 7\nfinding: break-glass-used\n"
                      "finding: clock-implausible\nevents: 12, root " +
                      digest + "\n");
}

// Q12: what a hostile node says is bounded, and of one form.
TEST(NodeReportAttack, Q12_ContradictionsAreRefused) {
  const auto refused = [](const NodeReport& report) {
    const auto text = print_node_report(report);
    const auto read = parse_node_report(as_bytes(text));
    return !read.ok() && read.error().code == Code::statement_malformed;
  };
  auto report = report_for_test();
  report.generations[0].use = GenerationUse::active;
  EXPECT_TRUE(refused(report)) << "two that are active";
  report = report_for_test();
  std::swap(report.generations[0], report.generations[1]);
  EXPECT_TRUE(refused(report)) << "out of order";
  report = report_for_test();
  report.generations[1].number = report.generations[0].number;
  EXPECT_TRUE(refused(report)) << "a generation twice";
  report = report_for_test();
  report.findings = {""};
  EXPECT_TRUE(refused(report)) << "a finding of no name";
  report = report_for_test();
  report.services.push_back(report.services.front());
  EXPECT_TRUE(refused(report)) << "a service twice";
  report = report_for_test();
  report.findings = {"b", "a"};
  EXPECT_TRUE(refused(report)) << "findings out of order";
  report = report_for_test();
  report.policy_version = 0;
  EXPECT_TRUE(refused(report)) << "no policy";
  report = report_for_test();
  report.generations.clear();
  for (std::uint64_t i = 1; i <= reported_generations_max + 1; ++i)
    report.generations.push_back(
        {i, GenerationUse::kept, report.policy, report.policy, ProductId::parse("mme").value(), "1.0"});
  EXPECT_TRUE(refused(report)) << "too many";
}

}  // namespace
}  // namespace sallyport
