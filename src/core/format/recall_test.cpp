// SPDX-License-Identifier: Apache-2.0
#include "core/format/recall.h"

#include <gtest/gtest.h>

#include <utility>

#include "core/crypto/file_digest.h"

namespace sallyport {
namespace {

Recall good_recall() {
  Recall recall{{},
                {{"mme-1.0.csar", sha256(as_bytes("a package"))}},
                PoolId::parse("mme-east").value(),
                1,
                {{"clamd", "27801"}, {"yara", "own"}},
                {sha256(as_bytes("a verdict"))},
                Instant::parse("2026-11-21T21:00:00Z").value(),
                PersonId::parse("alice").value(),
                "malware"};
  recall.contents = {{"usr/bin/mme", file_digest(as_bytes("one"))},
                     {"usr/bin/sh", file_digest(as_bytes("two"))}};
  if (recall.contents[1].digest < recall.contents[0].digest)
    std::swap(recall.contents[0].digest, recall.contents[1].digest);
  return recall;
}

std::string refusal_of(std::string_view text) {
  const auto recall = parse_recall(as_bytes(text));
  return recall.ok() ? "" : std::string(name(recall.error().code));
}

TEST(RecallFormat, WhatIsPrintedIsRead) {
  const auto recall = good_recall();
  EXPECT_EQ(parse_recall(as_bytes(print_recall(recall))).value(), recall);
  auto few = recall;
  few.contents.clear();
  few.engines.clear();
  few.verdicts.clear();
  few.reason.clear();
  EXPECT_EQ(parse_recall(as_bytes(print_recall(few))).value(), few);
  EXPECT_EQ(recall_fields(recall).size(), 11U);
}

TEST(RecallFormatAttack, H08_WhatNamesNothingOrOutOfOrderIsNoRecall) {
  auto recall = good_recall();
  std::swap(recall.contents[0], recall.contents[1]);
  EXPECT_EQ(refusal_of(print_recall(recall)), "recall-malformed");
  recall = good_recall();
  recall.contents[1] = recall.contents[0];
  EXPECT_EQ(refusal_of(print_recall(recall)), "recall-malformed");
  recall = good_recall();
  recall.contents.clear();
  recall.packages.clear();
  EXPECT_EQ(refusal_of(print_recall(recall)), "recall-malformed");
  recall = good_recall();
  recall.sequence = 0;
  EXPECT_EQ(refusal_of(print_recall(recall)), "recall-malformed");
  // A number far ahead of its time, beyond what a statement can say, beyond what a machine can.
  for (const auto sequence : {static_cast<std::uint64_t>(recall.time.seconds() + 1) * 1000,
                              std::uint64_t{1} << 53U, std::uint64_t{1} << 63U}) {
    recall.sequence = sequence;
    EXPECT_EQ(refusal_of(print_recall(recall)), "recall-malformed") << sequence;
  }
  recall = good_recall();
  recall.verdicts.push_back(recall.verdicts[0]);
  EXPECT_EQ(refusal_of(print_recall(recall)), "recall-malformed");
  recall = good_recall();
  recall.engines.push_back(recall.engines[0]);
  EXPECT_EQ(refusal_of(print_recall(recall)), "recall-malformed");
  recall = good_recall();
  recall.reason = std::string(recall_reason_size_max + 1, 'x');
  EXPECT_EQ(refusal_of(print_recall(recall)), "recall-malformed");
}

TEST(RecallFormatAttack, ContentsComeBeforePackages) {
  auto recall = good_recall();
  recall.contents.pop_back();
  const auto good = print_recall(recall);
  const auto begin = good.find("[{\"name\"") + 1;
  const auto middle = good.find(",{\"name\"");
  const auto end = good.find("],\"predicateType\"");
  const auto other = good.substr(0, begin) + good.substr(middle + 1, end - middle - 1) + "," +
                     good.substr(begin, middle - begin) + good.substr(end);
  ASSERT_EQ(refusal_of(good), "");
  EXPECT_EQ(refusal_of(other), "recall-malformed");
}

TEST(RecallFormatAttack, EveryOtherSpellingIsRefused) {
  const auto good = print_recall(good_recall());
  EXPECT_EQ(refusal_of(good.substr(0, good.size() - 1)), "recall-malformed");
  EXPECT_EQ(refusal_of(" " + good), "recall-malformed");
  auto other = good;
  other.replace(other.find("recall:v1"), 9, "recall:v2");
  EXPECT_EQ(refusal_of(other), "statement-type-mismatch");
  for (std::size_t i = 0; i < good.size(); ++i) ASSERT_NE(refusal_of(good.substr(0, i)), "") << i;
}

}  // namespace
}  // namespace sallyport
