// SPDX-License-Identifier: Apache-2.0
#include "core/format/attestation.h"

#include <gtest/gtest.h>

#include <fstream>

#include "testkit/source.h"

namespace sallyport {
namespace {

std::string envelope(const std::string& payload) {
  return R"({"payloadType":"application/vnd.in-toto+json","payload":")" + base64(as_bytes(payload)) +
         R"(","signatures":[{"sig":"AA=="}]})";
}

std::string outcome(const std::string& text) {
  const auto parsed = parse_attestation(as_bytes(text), "file");
  if (!parsed.ok()) {
    EXPECT_EQ(parsed.error().code, Code::attestation_malformed) << text;
    return "refused: " + parsed.error().where;
  }
  const auto& attestation = parsed.value();
  return attestation_kind(attestation.predicate_type) + " by " +
         (attestation.maker.empty() ? "nobody" : attestation.maker) + ", " +
         std::to_string(attestation.subjects.size()) + " subjects, " +
         std::to_string(attestation.signatures.size()) + " signatures";
}

// Each line: `statement` or `envelope`, a tab, the text, a tab, and how it is understood or where it is refused.
TEST(AttestationTest, C13_VectorsAreUnderstoodOrRefused) {
  std::ifstream file(source_file("tests/vectors/attestations.txt"));
  std::string line;
  int lines = 0;
  while (std::getline(file, line)) {
    if (line.empty() || line.front() == '#') continue;
    ++lines;
    const auto first = line.find('\t');
    const auto last = line.rfind('\t');
    ASSERT_LT(first, last) << line;
    const auto text = line.substr(first + 1, last - first - 1);
    EXPECT_EQ(outcome(line.substr(0, first) == "statement" ? envelope(text) : text), line.substr(last + 1))
        << line;
  }
  EXPECT_GE(lines, 40);
}

TEST(AttestationTest, WhatItSaysIsRead) {
  const std::string digest(64, 'a');
  const auto text = envelope(
      R"({"_type":"https://in-toto.io/Statement/v1","subject":[{"name":"bin/x","digest":{"sha256":")" +
      digest + R"("}},{"digest":{"gitCommit":"abc"}}],"predicateType":"https://example.org/x"})");
  const auto attestation = parse_attestation(as_bytes(text), "file").value();
  EXPECT_EQ(attestation.subjects[0].name, "bin/x");
  EXPECT_EQ(attestation.subjects[0].sha256->text(), digest);
  EXPECT_EQ(attestation.subjects[1].name, "");
  EXPECT_FALSE(attestation.subjects[1].sha256);
  EXPECT_EQ(attestation.signatures[0].bytes, Bytes{0});
}

TEST(AttestationTest, T_SizesAreBounded) {
  const auto statement = [](std::size_t subjects) {
    std::string list;
    for (std::size_t i = 0; i < subjects; ++i)
      list += std::string(i == 0 ? "" : ",") + R"({"digest":{"x":""}})";
    return envelope(R"({"_type":"https://in-toto.io/Statement/v1","subject":[)" + list +
                    R"(],"predicateType":"a:b"})");
  };
  EXPECT_EQ(outcome(statement(100000)), "a:b by nobody, 100000 subjects, 1 signatures");
  EXPECT_EQ(outcome(statement(100001)), "refused: file: subject");
  EXPECT_EQ(outcome(std::string(attestation_size_max + 1, ' ')), "refused: file: JSON");
}

}  // namespace
}  // namespace sallyport
