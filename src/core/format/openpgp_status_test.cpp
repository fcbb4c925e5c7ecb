// SPDX-License-Identifier: Apache-2.0
#include "core/format/openpgp_status.h"

#include <gtest/gtest.h>

namespace sallyport {
namespace {

const std::string primary = "519B801EFAB9A3170589626D9B54E59BE6C5EAC3";

std::string line(const std::string& words) {
  return "[GNUPG:] " + words + "\n";
}
std::string valid(const std::string& digest = "8", const std::string& kind = "00",
                  const std::string& key = primary) {
  return line("VALIDSIG " + primary + " 2026-11-26 1795713762 0 4 0 22 " + digest + " " + kind + " " + key);
}
const std::string begun = line("NEWSIG");
const std::string good = line("GOODSIG 9B54E59BE6C5EAC3 Publisher <p@example.org>");

Code refusal(const std::string& status) {
  const auto parsed = parse_openpgp_status(status, OpenPgpCovers::bytes);
  return parsed.ok() ? Code::internal_error : parsed.error().code;
}

TEST(OpenPgpStatus, NamesThePrimaryKey) {
  const auto parsed = parse_openpgp_status(begun + line("KEY_CONSIDERED " + primary + " 0") + good + valid(),
                                           OpenPgpCovers::bytes);
  ASSERT_TRUE(parsed.ok());
  EXPECT_EQ(parsed.value().key, "519b801efab9a3170589626d9b54e59be6c5eac3");
  EXPECT_EQ(parsed.value().user_id, "Publisher <p@example.org>");
}

TEST(OpenPgpStatus, OneBadSignatureRefusesAll) {
  const auto bad = begun + line("BADSIG 9B54E59BE6C5EAC3 x");
  EXPECT_EQ(refusal(bad), Code::publisher_signature_invalid);
  EXPECT_EQ(refusal(begun + good + valid() + bad), Code::publisher_signature_invalid);
  for (const std::string word : {"NODATA", "UNEXPECTED", "BADARMOR"}) {
    EXPECT_EQ(refusal(line(word + " 4")), Code::publisher_signature_invalid) << word;
    EXPECT_EQ(refusal(begun + good + valid() + line(word + " 4")), Code::publisher_signature_invalid) << word;
  }
}

TEST(OpenPgpStatus, OthersBesideAGoodOneSayNothing) {
  const auto other =
      begun + line("ERRSIG 9B54E59BE6C5EAC3 22 8 00 1795713762 9 -") + line("NO_PUBKEY 9B54E59BE6C5EAC3");
  EXPECT_EQ(refusal(other), Code::publisher_unknown);
  EXPECT_TRUE(parse_openpgp_status(other + begun + good + valid(), OpenPgpCovers::bytes).ok());
  EXPECT_TRUE(parse_openpgp_status(begun + good + valid() + other, OpenPgpCovers::bytes).ok());
}

// gpgv says VALIDSIG behind each of these, too.
TEST(OpenPgpStatus, ExpiredAndRevokedKeysDoNotCount) {
  for (const std::string word : {"EXPSIG", "EXPKEYSIG", "REVKEYSIG"}) {
    EXPECT_EQ(refusal(begun + line(word + " 9B54E59BE6C5EAC3 x") + valid()), Code::publisher_unknown) << word;
  }
  EXPECT_EQ(refusal(begun + valid()), Code::publisher_signature_invalid);
  // The good one's word does not stretch to the next one, nor past what takes it back.
  EXPECT_EQ(refusal(begun + good + begun + valid()), Code::publisher_signature_invalid);
  for (const std::string word : {"EXPSIG", "EXPKEYSIG", "REVKEYSIG", "ERRSIG"}) {
    EXPECT_EQ(refusal(begun + good + line(word + " 9B54E59BE6C5EAC3 x") + valid()), Code::publisher_unknown)
        << word;
  }
}

// What one keyring has as revoked counts for no other one, and what is too small for none.
TEST(OpenPgpStatus, WhatIsKnownOfKeysBesideCountsAsWell) {
  const std::string lower = "519b801efab9a3170589626d9b54e59be6c5eac3";
  const std::string other(40, 'B');
  const auto with = [](const std::string& status, const OpenPgpKnown& known) {
    const auto parsed = parse_openpgp_status(status, OpenPgpCovers::bytes, known);
    return parsed.ok() ? Code::internal_error : parsed.error().code;
  };
  const auto by_subkey =
      begun + good + line("VALIDSIG " + other + " 2026-11-26 1795713762 0 4 0 22 8 00 " + primary);
  EXPECT_EQ(with(begun + good + valid(), {{lower}, {}}), Code::publisher_unknown);
  EXPECT_EQ(with(begun + good + valid(), {{}, {lower}}), Code::publisher_algorithm_refused);
  EXPECT_EQ(with(by_subkey, {{lower}, {lower}}), Code::internal_error);  // it is the key that signed
  EXPECT_EQ(with(by_subkey, {{std::string(40, 'b')}, {}}), Code::publisher_unknown);
  EXPECT_EQ(with(begun + good + valid() + by_subkey, {{}, {lower}}), Code::internal_error);
  const auto revoked = begun + line("REVKEYSIG 9B54E59BE6C5EAC3 x") + valid();
  EXPECT_EQ(revoked_openpgp_keys(revoked), std::set<std::string>{lower});
  EXPECT_TRUE(
      revoked_openpgp_keys(begun + good + valid() + begun + line("EXPKEYSIG 9B54E59BE6C5EAC3 x") + valid())
          .empty());
  EXPECT_TRUE(
      revoked_openpgp_keys(begun + line("REVKEYSIG 9B54E59BE6C5EAC3 x") + begun + good + valid()).empty());
}

TEST(OpenPgpStatus, SaysWhyAKeyDoesNotCount) {
  const auto why = [](const std::string& status) {
    return parse_openpgp_status(begun + status, OpenPgpCovers::bytes).error().found;
  };
  const auto with = [](const std::string& reason) {
    return line("ERRSIG 9B54E59BE6C5EAC3 22 8 00 1795713762 " + reason + " " + primary);
  };
  EXPECT_EQ(why(line("EXPKEYSIG 9B54E59BE6C5EAC3 A B") + valid()),
            "key 9B54E59BE6C5EAC3 A B, which is expired");
  EXPECT_EQ(why(with("9")), "key 9B54E59BE6C5EAC3, which was not given");
  EXPECT_EQ(why(with("39")), "one that is older than its key 9B54E59BE6C5EAC3");
  EXPECT_EQ(why(with("125") + with("9")), "key 9B54E59BE6C5EAC3, which may not sign");
}

// Who is named is whose signature was told of first; each is told of once.
TEST(OpenPgpStatus, OfSeveralGoodOnesTheFirstIsNamed) {
  const std::string other(40, 'B');
  const auto both = begun + good + valid() + begun + good + valid("8", "00", other);
  EXPECT_EQ(parse_openpgp_status(both, OpenPgpCovers::bytes).value().key.substr(0, 4), "519b");
  const auto again = begun + good + valid() + valid("2", "00", other);
  EXPECT_TRUE(parse_openpgp_status(again, OpenPgpCovers::bytes).ok());
}

TEST(OpenPgpStatus, DigestsAndKinds) {
  for (const std::string digest : {"8", "9", "10"})
    EXPECT_TRUE(parse_openpgp_status(begun + good + valid(digest), OpenPgpCovers::bytes).ok());
  for (const std::string digest : {"1", "2", "3", "11", "08", "x"})
    EXPECT_EQ(refusal(begun + good + valid(digest)), Code::publisher_algorithm_refused) << digest;
  // Of a file, or of a text in which line ends are all the same: neither goes for the other.
  EXPECT_EQ(refusal(begun + good + valid("8", "01")), Code::publisher_signature_invalid);
  const auto in_clear = [](const std::string& kind) {
    return parse_openpgp_status(begun + good + valid("8", kind), OpenPgpCovers::text).ok();
  };
  EXPECT_TRUE(in_clear("01"));
  EXPECT_FALSE(in_clear("00"));
  for (const std::string kind : {"10", "13", "18", "0"})  // certifications of keys, and none
    EXPECT_EQ(refusal(begun + good + valid("8", kind)), Code::publisher_signature_invalid) << kind;
  for (const std::string key : {"519B", "519b801efab9a3170589626d9b54e59be6c5eac3", ""})
    EXPECT_EQ(refusal(begun + good + valid("8", "00", key)), Code::publisher_signature_invalid) << key;
}

// gpgv does not look at what is signed with SHA-1 or MD5. Who has such a key is no stranger, whose key is not there.
TEST(OpenPgpStatus, C08_WeakDigestsAreNamed) {
  const auto with = [](const std::string& digest, const std::string& reason) {
    return begun + line("ERRSIG 9B54E59BE6C5EAC3 22 " + digest + " 00 1795713762 " + reason + " " + primary);
  };
  EXPECT_EQ(refusal(with("2", "5")), Code::publisher_algorithm_refused);
  EXPECT_EQ(refusal(with("1", "5") + with("8", "9")), Code::publisher_algorithm_refused);
  EXPECT_EQ(refusal(with("2", "9")), Code::publisher_unknown);
  EXPECT_TRUE(parse_openpgp_status(with("2", "5") + begun + good + valid(), OpenPgpCovers::bytes).ok());
}

TEST(OpenPgpStatus, NothingAndWhatIsNoStatus) {
  EXPECT_EQ(refusal(""), Code::publisher_signature_missing);
  EXPECT_EQ(refusal("GOODSIG 9B54E59BE6C5EAC3 x\n"), Code::publisher_signature_invalid);
  EXPECT_EQ(refusal(begun + good + valid() + "[GNUPG:] "), Code::publisher_signature_invalid);
  auto long_one = begun + good + valid();
  long_one += line(std::string(openpgp_status_size_max - long_one.size() - line("").size(), 'x'));
  EXPECT_TRUE(parse_openpgp_status(long_one, OpenPgpCovers::bytes).ok());
  EXPECT_EQ(refusal(long_one + line("x")), Code::publisher_signature_invalid);
}

}  // namespace
}  // namespace sallyport
