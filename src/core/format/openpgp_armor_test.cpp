// SPDX-License-Identifier: Apache-2.0
#include "core/format/openpgp_armor.h"

#include <gtest/gtest.h>

namespace sallyport {
namespace {

const std::string begin = "-----BEGIN PGP PUBLIC KEY BLOCK-----\n";
const std::string end = "-----END PGP PUBLIC KEY BLOCK-----\n";
// "mQENBA==" is 99 01 0d 04.
const std::string good = begin + "\nmQENBA==\n=HYNT\n" + end;

TEST(OpenPgpArmor, IsRead) {
  const Bytes key{0x99, 0x01, 0x0d, 0x04};
  const auto without_sum = begin + "\nmQEN\nBA==\n" + end;
  const auto with_header = begin + "Comment: from a page\nVersion: 1\n\nmQENBA==\n" + end;
  const auto windows =
      "-----BEGIN PGP PUBLIC KEY BLOCK-----\r\n\r\nmQENBA==\r\n-----END PGP PUBLIC KEY BLOCK-----\r\n";
  for (const std::string& text : {without_sum, with_header, std::string(windows), without_sum + "\n"}) {
    const auto parsed = parse_openpgp_armor(text);
    ASSERT_TRUE(parsed.ok()) << text << parsed.error().expected;
    EXPECT_EQ(parsed.value(), key);
  }
}

TEST(OpenPgpArmor, TheSumIsRightWhereItIsThere) {
  const auto wrong = parse_openpgp_armor(good);
  ASSERT_FALSE(wrong.ok());
  const auto said = wrong.error().expected;  // "the check sum ABCD"
  const auto right = begin + "\nmQENBA==\n=" + said.substr(said.size() - 4) + "\n" + end;
  EXPECT_TRUE(parse_openpgp_armor(right).ok()) << said;
}

TEST(OpenPgpArmor, IsRefused) {
  for (const std::string& text :
       {std::string(), begin, begin + end, begin + "mQENBA==\n" + end, begin + "\nmQENBA==\n",
        begin + "\nmQENBA=\n" + end, begin + "\nmQ ENBA==\n" + end, begin + "\n\nmQENBA==\n" + end,
        begin + "\nmQENBA==\n" + end + "more\n", "text\n" + good, begin + "\nmQENBA==\n" + end + good,
        begin + "\nmQENBA==\n=AAAA\nmQEN\n" + end, begin + "\n" + std::string(80, 'A') + "\n" + end,
        std::string(
            "-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nmQENBA==\n-----END PGP PRIVATE KEY BLOCK-----\n")}) {
    const auto parsed = parse_openpgp_armor(text);
    EXPECT_FALSE(parsed.ok()) << text;
    if (parsed.ok()) continue;
    EXPECT_EQ(parsed.error().code, Code::usage_error) << text;
  }
}

}  // namespace
}  // namespace sallyport
