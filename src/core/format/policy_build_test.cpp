// SPDX-License-Identifier: Apache-2.0
#include "core/format/policy_build.h"

#include <gtest/gtest.h>

#include <fstream>

#include "core/format/json_writer.h"
#include "core/format/policy.h"
#include "testkit/source.h"
#include "testkit/statements.h"

namespace sallyport {
namespace {

// Keys stand for themselves: "<builder>" is the PEM of the key of this name, as a JSON text.
std::string with_keys(std::string text) {
  for (auto open = text.find("\"<"); open != std::string::npos; open = text.find("\"<", open)) {
    const auto close = text.find(">\"", open);
    const auto name = text.substr(open + 2, close - open - 2);
    const auto pem = JsonWriter().text(testkit::TestKey(name).public_pem()).take();
    text.replace(open, close + 2 - open, pem);
    open += pem.size();
  }
  return text;
}

Result<Policy> with(const std::string& members) {
  auto text = testkit::print_policy(testkit::parts());
  return parse_policy(as_bytes(text.insert(text.find("\"anchors\""), with_keys(members) + ",")));
}

// Each line: members of a source, a tab, and how they are understood or where they are refused.
TEST(PolicyBuild, C22_VectorsAreUnderstoodOrRefused) {
  std::ifstream file(source_file("tests/vectors/policy_build.txt"));
  std::string line;
  int lines = 0;
  while (std::getline(file, line)) {
    if (line.empty() || line.front() == '#') continue;
    ++lines;
    const auto tab = line.find('\t');
    ASSERT_NE(tab, std::string::npos) << line;
    const auto policy = with(line.substr(0, tab));
    const auto expected = line.substr(tab + 1);
    if (policy.ok()) {
      const auto& source = policy.value().sources.begin()->second;
      EXPECT_EQ(describe_attestation_rules(source) + "; SBOM " + describe_sbom_need(source), expected)
          << line;
    } else {
      EXPECT_EQ(policy.error().code, Code::policy_malformed) << line;
      EXPECT_EQ("refused: " + policy.error().where, expected) << line;
    }
  }
  EXPECT_GE(lines, 18);
}

TEST(PolicyBuild, AsksForNothingWhereItSaysNothing) {
  const auto policy = testkit::make_policy();
  const auto& source = policy.sources.begin()->second;
  EXPECT_TRUE(source.attestations.empty());
  EXPECT_EQ(source.sbom, SbomNeed::optional);
}

// Officers see whose key ends.
TEST(PolicyBuild, KeysOfBuildersEndWithTheirAlgorithm) {
  auto text = testkit::print_policy(testkit::parts());
  text.insert(text.find("\"anchors\""),
              with_keys(R"("attestations":[{"predicate_type":"a:b","keys":["<builder>"]}],)"));
  text.insert(1, R"("algorithms":[{"algorithm":"Ed25519","not_after":"2030-01-01T00:00:00Z"}],)");
  std::string all;
  for (const auto& use : ending_uses(parse_policy(as_bytes(text)).value())) all += use + "\n";
  const auto id = testkit::TestKey("builder").public_key().id().brief();
  EXPECT_NE(all.find("source acme, attestations by key " + id), std::string::npos) << all;
}

}  // namespace
}  // namespace sallyport
