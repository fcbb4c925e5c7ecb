// SPDX-License-Identifier: Apache-2.0
#include "adapters/scanner/yara.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/scanner/secret_rules.h"
#include "testkit/statements.h"

namespace sallyport {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

YaraRules rules(std::string text) {
  return {"yara", std::move(text), testkit::test_time(), std::nullopt};
}

constexpr const char* marker = R"(
rule marker { strings: $a = "the marker" condition: $a }
rule large { condition: filesize > 5000 }
)";

ScanAnswer scan(Scanner& scanner, std::string_view content) {
  const auto answer = scan_content(scanner, as_bytes(content));
  EXPECT_TRUE(answer.ok()) << answer.error().found;
  return answer.ok() ? answer.value() : ScanAnswer{ScanResult::not_scanned, "failed"};
}

TEST(Yara, SaysWhichRuleMatches) {
  const auto yara = Yara::compile(rules(marker));
  ASSERT_TRUE(yara.ok()) << yara.error().found;
  EXPECT_EQ(scan(*yara.value(), "nothing").result, ScanResult::clean);
  EXPECT_EQ(scan(*yara.value(), "").result, ScanResult::clean);
  const auto found = scan(*yara.value(), "here is the marker, inside");
  EXPECT_EQ(found.result, ScanResult::found);
  EXPECT_EQ(found.detail, "marker");
  EXPECT_EQ(scan(*yara.value(), "the marker" + std::string(5000, ' ')).detail, "marker, large");
}

TEST(Yara, SeesWhatTwoPartsShare) {
  const auto yara = Yara::compile(rules(marker));
  const auto job = yara.value()->begin();
  ASSERT_TRUE(job.value()->feed(as_bytes("the ma")).ok());
  ASSERT_TRUE(job.value()->feed(as_bytes("rker")).ok());
  EXPECT_EQ(job.value()->finish().value().result, ScanResult::found);
}

TEST(Yara, TheDatabaseIsTheDigestOfTheRules) {
  const auto one = Yara::info_of(rules(marker));
  const auto two = Yara::info_of(rules(std::string(marker) + " "));
  EXPECT_THAT(one.database, StartsWith("sha256:"));
  EXPECT_NE(one.database, two.database);
  EXPECT_THAT(one.version, StartsWith("YARA "));
  EXPECT_EQ(Yara::compile(rules(marker)).value()->info().value().database, one.database);
}

TEST(Yara, RulesThatAreNoneAreRefused) {
  for (const auto* text : {"", "// nothing\n", "rule broken {", "rule a { condition: b }",
                           "include \"/etc/passwd\"\nrule a { condition: true }"}) {
    const auto yara = Yara::compile(rules(text));
    ASSERT_FALSE(yara.ok()) << text;
    EXPECT_EQ(yara.error().code, Code::scanner_failed);
  }
  // What the compiler would not see is not there.
  EXPECT_FALSE(Yara::compile(rules(marker + std::string(1, '\0') + "rule b { condition: true }")).ok());
}

TEST(Yara, H01_LargerThanItTakesIsNotScanned) {
  const auto yara = Yara::compile(rules("rule a { strings: $a = \"x\" condition: $a }"), {1000, 60});
  EXPECT_EQ(scan(*yara.value(), std::string(1000, 'y')).result, ScanResult::clean);
  EXPECT_EQ(scan(*yara.value(), std::string(1001, 'y')).result, ScanResult::not_scanned);
}

TEST(Yara, RulesThatTakeTooLongAreNotClean) {
  const auto yara = Yara::compile(
      rules("rule slow { condition: for all i in (0..1000000000) : (uint8(i % filesize) != 1) and false }"),
      {1000, 1});
  ASSERT_TRUE(yara.ok()) << yara.error().found;
  const auto answer = scan(*yara.value(), std::string(1000, 'y'));
  EXPECT_EQ(answer.result, ScanResult::not_scanned);
  EXPECT_THAT(answer.detail, HasSubstr("too long"));
}

TEST(Yara, AStringThatMatchesTooOftenIsNotClean) {
  const auto yara = Yara::compile(rules("rule often { strings: $a = \"xx\" condition: #a > 100000000 }"));
  EXPECT_EQ(scan(*yara.value(), std::string(3000000, 'x')).result, ScanResult::not_scanned);
}

struct Sample {
  const char* rule;  // nullptr: no secret
  std::string text;
};

std::string line(char c, int n) {
  return std::string(static_cast<std::size_t>(n), c);
}

// Put together here, so that no tool takes this file for a leak.
TEST(Secrets, AreFoundAndNothingElse) {
  const std::string begin = "-----BEGIN ";
  const std::string end = "PRIVATE KEY-----\n";
  const Sample samples[] = {
      {"private_key_pem", begin + end + line('A', 64) + "\n"},
      {"private_key_pem", "text\n" + begin + "OPENSSH " + end + line('b', 70)},
      {"private_key_pem",
       begin + "RSA " + end + "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,AB\n\n" + line('C', 64)},
      {"private_key_openpgp", begin + "PGP PRIVATE KEY BLOCK-----\nVersion: 1\n\n" + line('D', 64)},
      {"private_key_putty", "PuTTY-User-Key-File-2: ssh-rsa\nPrivate-Lines: 14\n" + line('E', 64)},
      {"private_key_der", "\x30\x2e\x02\x01" + std::string(1, '\0') +
                              "\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20" + line('F', 32)},
      {"cloud_access_key", "aws_secret_access_key = " + line('g', 40)},
      {"cloud_access_key", "AccountKey=" + line('H', 86) + "=="},
      {"access_token", "token ghp_" + line('i', 36) + "\n"},
      {"access_token", "glpat-" + line('j', 20)},
      {"password_netrc", "machine host.example login me password open-sesame\n"},
      {"password_hash", "root:$6$" + line('k', 90) + ":19000:0:99999:7:::\n"},
      {"password_hash", "admin:$apr1$salt$" + line('l', 22) + "\n"},
      // What looks like it, and is none.
      {nullptr, begin + "CERTIFICATE-----\n" + line('A', 64)},
      {nullptr, begin + "PUBLIC KEY-----\n" + line('A', 64)},
      {nullptr, "if line == \"" + begin + "OPENSSH PRIVATE KEY-----\" then"},
      {nullptr, begin + end.substr(0, end.size() - 1) + std::string("\0\0%s", 4)},
      {nullptr, "root:x:0:0:root:/root:/bin/bash\nroot:*:19000::::::\n"},
      {nullptr, "aws_secret_access_key = ${SECRET}\n"},
      {nullptr, "machine learning, login and password are words"},
  };
  const auto secrets = Yara::compile(secret_rules(testkit::test_time()));
  ASSERT_TRUE(secrets.ok()) << secrets.error().found;
  for (const auto& [rule, text] : samples) {
    const auto answer = scan(*secrets.value(), text);
    EXPECT_EQ(answer.detail, rule == nullptr ? "" : rule) << text;
    EXPECT_EQ(answer.code, rule == nullptr ? std::nullopt : std::optional(Code::secret_found)) << text;
  }
}

}  // namespace
}  // namespace sallyport
