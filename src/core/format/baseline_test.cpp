// SPDX-License-Identifier: Apache-2.0
#include "core/format/baseline.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "core/crypto/file_digest.h"

namespace sallyport {
namespace {

BaselineFile file(const std::string& path, const std::string& content) {
  return {path, content.size(), file_digest(as_bytes(content))};
}

HostBaseline example() {
  return {.database_name = "dpkg",
          .database = sha256(as_bytes("status")),
          .pool = PoolId::parse("mme-east").value(),
          .nodes = {NodeId::parse("mme-1").value(), NodeId::parse("mme-2").value()},
          .number = 3,
          .time = Instant::parse("2026-11-21T22:00:00Z").value(),
          .reason = "Security updates of November",
          .packages = {{"coreutils", "amd64", "9.1-1", {file("/bin/cat", "cat"), file("/bin/ls", "ls")}},
                       {"dash", "amd64", "0.5.12-2", {file("/bin/sh", "sh")}}},
          .changed = {{file("/etc/init.d/cron", "#!/bin/sh\n"), "cron"}},
          .unowned = {file("/usr/local/bin/backup", "#!/bin/sh\nexit\n")}};
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  CHECK(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

std::string refusal_of(const std::string& text) {
  const auto parsed = parse_baseline(as_bytes(text));
  return parsed.ok() ? "" : std::string(name(parsed.error().code)) + " " + parsed.error().where;
}

TEST(Baseline, PrintedIsParsed) {
  const auto text = print_baseline(example());
  EXPECT_EQ(parse_baseline(as_bytes(text)).value(), example());
  EXPECT_EQ(count_files(example()), 5U);
}

TEST(Baseline, HasOneSpelling) {
  const auto text = print_baseline(example());
  EXPECT_EQ(refusal_of(text + "\n"), "statement-malformed statement");
  EXPECT_EQ(refusal_of(replaced(text, "\"number\":3", "\"number\": 3")), "statement-malformed statement");
  EXPECT_EQ(refusal_of(replaced(text, "baseline:v1", "verdict:v1")), "statement-type-mismatch predicateType");
}

TEST(Baseline, NothingIsListedTwiceOrOutOfOrder) {
  auto twice = example();
  twice.packages[0].files[1].path = "/bin/cat";
  EXPECT_EQ(refusal_of(print_baseline(twice)), "statement-malformed predicate.packages[0].files[1]");
  auto package_twice = example();
  package_twice.packages[1].name = "coreutils";
  EXPECT_EQ(refusal_of(print_baseline(package_twice)), "statement-malformed predicate.packages[1]");
  package_twice.packages[1].architecture = "i386";
  EXPECT_EQ(refusal_of(print_baseline(package_twice)), "");
  auto changed_twice = example();
  changed_twice.changed.push_back(changed_twice.changed[0]);
  EXPECT_EQ(refusal_of(print_baseline(changed_twice)), "statement-malformed predicate.changed[1]");
  auto node_twice = example();
  node_twice.nodes[1] = node_twice.nodes[0];
  EXPECT_EQ(refusal_of(print_baseline(node_twice)), "statement-malformed predicate.nodes[1]");
}

TEST(Baseline, OfNobodyOrNothingIsNone) {
  auto of_nobody = example();
  of_nobody.nodes.clear();
  EXPECT_EQ(refusal_of(print_baseline(of_nobody)), "statement-malformed predicate.nodes");
  auto of_nothing = example();
  of_nothing.packages.clear();
  of_nothing.changed.clear();
  of_nothing.unowned.clear();
  EXPECT_EQ(refusal_of(print_baseline(of_nothing)), "statement-malformed predicate.packages");
  auto empty_package = example();
  empty_package.packages[0].files.clear();
  EXPECT_EQ(refusal_of(print_baseline(empty_package)), "statement-malformed predicate.packages[0].files");
  auto zero = example();
  zero.number = 0;
  EXPECT_EQ(refusal_of(print_baseline(zero)), "statement-malformed predicate.number");
}

TEST(Baseline, ItsReasonIsShort) {
  auto wordy = example();
  wordy.reason = std::string(1000, 'a');
  EXPECT_EQ(refusal_of(print_baseline(wordy)), "");
  wordy.reason += 'a';
  EXPECT_EQ(refusal_of(print_baseline(wordy)), "statement-malformed predicate.reason");
}

TEST(Baseline, PathsAreWholeAndPlain) {
  auto relative = example();
  relative.unowned[0].path = "usr/local/bin/backup";
  EXPECT_EQ(refusal_of(print_baseline(relative)), "statement-malformed predicate.unowned[0].path");
  auto hidden = example();
  hidden.unowned[0].path = "/usr/local/bin/\u202egpj.sh";
  EXPECT_NE(refusal_of(print_baseline(hidden)), "");
}

TEST(Baseline, WhatAPersonHasToLookAtIsOnTheScreen) {
  const auto shown = baseline_fields(example());
  const auto has = [&](const std::string& name) {
    return std::any_of(shown.begin(), shown.end(), [&](const Field& field) { return field.name == name; });
  };
  EXPECT_TRUE(has("CHANGED /etc/init.d/cron"));
  EXPECT_TRUE(has("UNOWNED /usr/local/bin/backup"));
  EXPECT_TRUE(has("package coreutils amd64"));
}

}  // namespace
}  // namespace sallyport
