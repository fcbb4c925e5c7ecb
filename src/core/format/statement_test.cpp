// SPDX-License-Identifier: Apache-2.0
#include "core/format/statement.h"

#include <gtest/gtest.h>

#include <fstream>

#include "core/format/dsse.h"
#include "core/format/order.h"
#include "core/format/recall.h"
#include "core/format/verdict.h"
#include "testkit/source.h"

namespace sallyport {
namespace {

// The lines of docs/spec/statement.md that begin like this and are whole (no "…").
std::vector<std::string> examples(std::string_view begin, std::string_view part) {
  std::ifstream page(source_file("docs/spec/statement.md"));
  std::vector<std::string> found;
  for (std::string line; std::getline(page, line);) {
    const bool whole = line.find("\xe2\x80\xa6") == std::string::npos;
    if (line.starts_with(begin) && whole && line.find(part) != std::string::npos)
      found.push_back(line + "\n");
  }
  return found;
}

TEST(Statement, TheExamplesOfTheSpecificationAreRead) {
  const auto envelopes = examples("{\"payloadType\"", "signatures");
  const auto verdicts = examples("{\"_type\"", verdict_predicate_type);
  const auto orders = examples("{\"_type\"", order_predicate_type);
  const auto recalls = examples("{\"_type\"", recall_predicate_type);
  ASSERT_EQ(recalls.size(), 1U);
  EXPECT_TRUE(parse_recall(as_bytes(recalls[0])).ok());
  ASSERT_EQ(envelopes.size(), 1U);
  ASSERT_EQ(verdicts.size(), 1U);
  ASSERT_EQ(orders.size(), 1U);
  EXPECT_TRUE(parse_envelope(as_bytes(envelopes[0])).ok());
  EXPECT_TRUE(parse_verdict(as_bytes(verdicts[0])).ok());
  EXPECT_TRUE(parse_order(as_bytes(orders[0])).ok());
}

TEST(Statement, HasExactlyOneSubjectWithOneDigest) {
  const auto good = examples("{\"_type\"", order_predicate_type).at(0);
  const auto begin = good.find("[{") + 1;
  const auto end = good.find("}}]") + 2;
  const auto subject = good.substr(begin, end - begin);
  const auto with = [&](const std::string& subjects) {
    return parse_order(as_bytes(good.substr(0, begin) + subjects + good.substr(end))).ok();
  };
  EXPECT_TRUE(with(subject));
  EXPECT_FALSE(with(""));
  EXPECT_FALSE(with(subject + "," + subject));
  EXPECT_FALSE(with(R"({"name":"x","digest":{}})"));
  EXPECT_FALSE(with(R"({"name":"x","digest":{"sha256":")" + std::string(64, 'a') + R"(","sha512":"b"}})"));
}

TEST(Statement, SaysItsKindUnverified) {
  EXPECT_EQ(predicate_type_of(as_bytes(R"({"_type":"https://in-toto.io/Statement/v1","predicateType":"x"})"))
                .value(),
            "x");
  EXPECT_FALSE(predicate_type_of(as_bytes(R"({"_type":"y","predicateType":"x"})")).ok());
}

}  // namespace
}  // namespace sallyport
