// SPDX-License-Identifier: Apache-2.0
#include "core/crypto/digest.h"

#include <gtest/gtest.h>

#include "core/crypto/md5.h"
#include "core/crypto/sha256_blocks.h"

namespace sallyport {
namespace {

// FIPS 180-4 example and the empty message.
TEST(Sha256, AgreesWithPublishedVectors) {
  EXPECT_EQ(sha256(as_bytes("abc")).text(),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256({}).text(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256(Bytes(1000000, 'a')).text(),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Hasher, AgreesWithPublishedVectorsInParts) {
  Hasher short_one(Sha2::sha256);
  short_one.update(as_bytes("a"));
  short_one.update({});
  short_one.update(as_bytes("bc"));
  EXPECT_EQ(short_one.finish_sha256(), sha256(as_bytes("abc")));
  Hasher middle(Sha2::sha384);
  middle.update(as_bytes("abc"));
  EXPECT_EQ(
      hex(middle.finish()),
      "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7");
  Hasher long_one(Sha2::sha512);
  long_one.update(as_bytes("ab"));
  long_one.update(as_bytes("c"));
  EXPECT_EQ(hex(long_one.finish()),
            "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
            "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f");
}

TEST(BlockHasher, AgreesWithSha256ForEveryCount) {
  Bytes blocks(11 * BlockHasher::block_size);
  for (std::size_t i = 0; i < blocks.size(); ++i) blocks[i] = static_cast<std::uint8_t>(i * 31 + i / 777);
  BlockHasher hasher;
  for (std::size_t count = 0; count <= 11; ++count) {
    Bytes out((count + 1) * BlockHasher::digest_size, 0xee);
    hasher.digest(blocks.data(), count, out.data());
    for (std::size_t i = 0; i < count; ++i) {
      const auto expected =
          sha256(BytesView(blocks).subspan(i * BlockHasher::block_size, BlockHasher::block_size));
      EXPECT_EQ(hex(BytesView(out).subspan(i * 32, 32)), expected.text()) << count << " " << i;
    }
    EXPECT_EQ(out[count * 32], 0xee);
  }
}

TEST(HasherDeathTest, FinishesOnce) {
  EXPECT_DEATH(
      {
        Hasher hasher(Sha2::sha256);
        (void)hasher.finish();
        (void)hasher.finish();
      },
      "");
  EXPECT_DEATH({ (void)Hasher(Sha2::sha512).finish_sha256(); }, "");
}

TEST(Digest, HasOneSpelling) {
  const auto digest = sha256(as_bytes("abc"));
  EXPECT_EQ(Sha256Digest::parse(digest.text()).value(), digest);
  EXPECT_EQ(digest.brief(), "ba7816bf8f01");
  for (const auto* text : {"", "ba78", "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD",
                           "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad00",
                           "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015a",
                           "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"}) {
    EXPECT_FALSE(Sha256Digest::parse(text).ok()) << text;
  }
}

// RFC 1321, A.5.
TEST(Md5Test, IsWhatTheStandardSays) {
  Md5 none;
  EXPECT_EQ(none.finish(), "d41d8cd98f00b204e9800998ecf8427e");
  Md5 parts;
  parts.update(as_bytes("message "));
  parts.update(as_bytes("digest"));
  EXPECT_EQ(parts.finish(), "f96b697d7cb7938d525a2f31aaf161d0");
}

}  // namespace
}  // namespace sallyport
