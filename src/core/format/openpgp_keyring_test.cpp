// SPDX-License-Identifier: Apache-2.0
#include "core/format/openpgp_keyring.h"

#include <gtest/gtest.h>

namespace sallyport {
namespace {

constexpr std::uint8_t rsa = 1;
constexpr std::uint8_t dsa = 17;
constexpr std::uint8_t ed25519 = 22;

// Version 4, a time, the algorithm and how many bits the first number has; `mark` makes keys differ.
Bytes key(std::uint8_t algorithm, unsigned bits, std::uint8_t mark, std::uint8_t version = 4) {
  return {version,
          0,
          0,
          0,
          mark,
          algorithm,
          static_cast<std::uint8_t>(bits >> 8U),
          static_cast<std::uint8_t>(bits),
          0xab};
}
// In the old form of headers, as gpg writes them.
Bytes packet(unsigned tag, BytesView body) {
  Bytes whole{static_cast<std::uint8_t>(0x80U | tag << 2U), static_cast<std::uint8_t>(body.size())};
  whole.insert(whole.end(), body.begin(), body.end());
  return whole;
}
Bytes together(std::initializer_list<Bytes> parts) {
  Bytes whole;
  for (const auto& part : parts) whole.insert(whole.end(), part.begin(), part.end());
  return whole;
}
const Bytes user_id = packet(13, as_bytes("Publisher"));

TEST(OpenPgpKeyring, TellsHowLargeItsKeysAre) {
  const auto ring = together({packet(6, key(rsa, 3072, 1)), user_id, packet(14, key(rsa, 1024, 2)),
                              packet(6, key(ed25519, 9, 3)), packet(6, key(dsa, 1024, 4)),
                              packet(6, key(rsa, 2047, 5)), packet(6, key(rsa, 2048, 6))});
  const auto keys = openpgp_keys(ring).value();
  ASSERT_EQ(keys.size(), 6U);
  EXPECT_EQ(keys[0].bits, 3072U);
  EXPECT_EQ(keys[2].bits, 0U);
  const std::set<std::string> weak{keys[1].fingerprint, keys[3].fingerprint, keys[4].fingerprint};
  EXPECT_EQ(openpgp_weak_keys(keys), weak);
  EXPECT_EQ(weak.size(), 3U);
}

// Of version 4: SHA-1 over 0x99, the length and the packet. gpg names the same one.
TEST(OpenPgpKeyring, NamesKeysAsGpgDoes) {
  const auto body = parse_hex(
                        "046b09fbea16092b06010401da470f01010740"
                        "abdc44ee3ec6497e3927eb7195d84f028d5f7f9a7f1b98468653cc268748aad2",
                        100)
                        .value();
  EXPECT_EQ(openpgp_keys(packet(6, body)).value().at(0).fingerprint,
            "3dc0f1aeb13e0f93c785b45204ac24b96a7b1d8f");
  EXPECT_EQ(openpgp_keys(packet(6, key(rsa, 1024, 1, 6))).value().at(0).fingerprint, "");
}

// What gpgv would not look at is a keyring of its own: it may say that the key is revoked.
TEST(OpenPgpKeyring, AKeyThatIsThereTwiceIsInTwoKeyrings) {
  const auto first = together({packet(6, key(rsa, 3072, 1)), user_id});
  const auto again = together({packet(6, key(rsa, 3072, 1)), packet(2, as_bytes("revoked"))});
  const auto other = packet(6, key(rsa, 3072, 2));
  EXPECT_EQ(openpgp_keyrings(together({first, other})).value(), std::vector<Bytes>{together({first, other})});
  const auto twice = openpgp_keyrings(together({first, other, again, other})).value();
  EXPECT_EQ(twice, (std::vector<Bytes>{together({first, other}), together({again, other})}));
}

TEST(OpenPgpKeyring, APrivateKeyBehindPublicOnesIsSeen) {
  for (const unsigned tag : {5U, 7U}) {
    const auto ring = together({packet(6, key(rsa, 3072, 1)), user_id, packet(tag, key(rsa, 3072, 1))});
    EXPECT_EQ(openpgp_keyrings(ring).error().found, "a private key") << tag;
  }
}

TEST(OpenPgpKeyring, EveryFormOfALength) {
  const auto body = key(rsa, 1024, 1);
  const auto size = static_cast<std::uint8_t>(body.size());
  for (const auto& head : {Bytes{0x98, size}, Bytes{0x99, 0, size}, Bytes{0x9a, 0, 0, 0, size},
                           Bytes{0xc6, size}, Bytes{0xc6, 0xff, 0, 0, 0, size}}) {
    const auto ring = together({head, body, user_id});
    EXPECT_EQ(openpgp_keys(ring).value().at(0).bits, 1024U) << hex(head);
    for (std::size_t cut = 1; cut < ring.size(); ++cut) {
      if (cut == head.size() + body.size()) continue;
      EXPECT_EQ(openpgp_keys(BytesView(ring).first(cut)).error().code, Code::usage_error) << cut;
    }
  }
  const auto middle = together({Bytes{0xc2, 192, 108}, Bytes(300, 1)});
  EXPECT_TRUE(openpgp_keys(middle).ok());
  for (const auto& bad : {Bytes{0x9b, size}, Bytes{0xc6, 0xe9}, Bytes{0x18, 1, 0}, Bytes{0xc6}})
    EXPECT_EQ(openpgp_keys(together({bad, body})).error().code, Code::usage_error) << hex(bad);
}

TEST(OpenPgpKeyring, AKeyboxIsWhatIsInIt) {
  const auto ring = together({packet(6, key(rsa, 1024, 1)), user_id});
  const Bytes first{0, 0, 0, 32, 1, 1, 0, 2, 'K', 'B', 'X', 'f'};
  Bytes box = first;
  box.resize(32);
  const auto blob_size = static_cast<std::uint8_t>(20 + ring.size());
  const Bytes head{0, 0, 0, blob_size, 2, 1, 0, 0,
                   0, 0, 0, 16,        0, 0, 0, static_cast<std::uint8_t>(ring.size())};
  box = together({box, head, ring, Bytes(4, 0)});
  EXPECT_EQ(openpgp_keyrings(box).value(), std::vector<Bytes>{ring});
  for (std::size_t cut = 33; cut < box.size(); ++cut)
    EXPECT_EQ(openpgp_keyrings(BytesView(box).first(cut)).error().code, Code::usage_error) << cut;
  for (const std::size_t place : {32U + 11U, 32U + 15U}) {
    auto wrong = box;
    wrong.at(place) = 0xff;
    EXPECT_EQ(openpgp_keyrings(wrong).error().code, Code::usage_error) << place;
  }
}

}  // namespace
}  // namespace sallyport
