// SPDX-License-Identifier: Apache-2.0
#include "core/format/pack.h"

#include <gtest/gtest.h>

namespace sallyport {
namespace {

Bytes content(std::size_t size) {
  Bytes bytes(size);
  std::uint32_t state = 1;
  for (auto& byte : bytes) {
    state = state * 1664525 + 1013904223;
    byte = static_cast<std::uint8_t>((state >> 24U) & 15U);
  }
  return bytes;
}

Code refusal(BytesView stored, std::size_t size) {
  Bytes out(size);
  const auto decoded = FrameDecoder().decode(stored, out);
  EXPECT_FALSE(decoded.ok());
  return decoded.ok() ? Code::internal_error : decoded.error().code;
}

TEST(Pack, DecodesWhatItEncodes) {
  FrameEncoder encoder;
  FrameDecoder decoder;
  for (const std::size_t size : {1U, 2U, 4096U, 100000U, 1U << 20U, 4U << 20U}) {
    const Bytes in = content(size);
    const Bytes stored = encoder.encode(in).value();
    EXPECT_EQ(stored, encoder.encode(in).value());
    EXPECT_EQ(stored, FrameEncoder().encode(in).value());
    Bytes out(size);
    ASSERT_TRUE(decoder.decode(stored, out).ok());
    EXPECT_EQ(out, in);
  }
}

TEST(PackAttack, B20_TruncatedFrames) {
  const Bytes stored = FrameEncoder().encode(content(10000)).value();
  for (std::size_t size = 0; size < stored.size(); ++size)
    EXPECT_EQ(refusal(BytesView(stored).first(size), 10000), Code::content_malformed) << size;
}

TEST(PackAttack, B21_SeveralAndSkippableFrames) {
  const Bytes stored = FrameEncoder().encode(content(1000)).value();
  Bytes twice = stored;
  twice.insert(twice.end(), stored.begin(), stored.end());
  EXPECT_EQ(refusal(twice, 2000), Code::content_malformed);
  EXPECT_EQ(refusal(twice, 1000), Code::content_malformed);
  const Bytes skippable = {0x50, 0x2a, 0x4d, 0x18, 4, 0, 0, 0, 1, 2, 3, 4};
  EXPECT_EQ(refusal(skippable, 0), Code::content_malformed);
  EXPECT_EQ(refusal(skippable, 4), Code::content_malformed);
  Bytes before = skippable;
  before.insert(before.end(), stored.begin(), stored.end());
  EXPECT_EQ(refusal(before, 1000), Code::content_malformed);
  Bytes after = stored;
  after.insert(after.end(), skippable.begin(), skippable.end());
  EXPECT_EQ(refusal(after, 1000), Code::content_malformed);
  Bytes tail = stored;
  tail.push_back(0);
  EXPECT_EQ(refusal(tail, 1000), Code::content_malformed);
}

TEST(PackAttack, B23_OtherSizesThanAnnounced) {
  const Bytes stored = FrameEncoder().encode(content(1000)).value();
  for (const std::size_t size : {0U, 1U, 999U, 1001U, 4U << 20U})
    EXPECT_EQ(refusal(stored, size), Code::content_malformed) << size;
}

TEST(PackAttack, B21_FramesWithoutSizeOrWithDictionary) {
  // Magic, a header that announces no size (window 1 KiB), one raw last block of one byte.
  EXPECT_EQ(refusal(Bytes{0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x00, 0x09, 0x00, 0x00, 'x'}, 1),
            Code::content_malformed);
  // The same byte, single segment of announced size 1, without and with the dictionary 7.
  Bytes out(1);
  EXPECT_TRUE(
      FrameDecoder().decode(Bytes{0x28, 0xb5, 0x2f, 0xfd, 0x20, 0x01, 0x09, 0x00, 0x00, 'x'}, out).ok());
  EXPECT_EQ(refusal(Bytes{0x28, 0xb5, 0x2f, 0xfd, 0x21, 0x07, 0x01, 0x09, 0x00, 0x00, 'x'}, 1),
            Code::content_malformed);
}

TEST(PackAttack, FlippedBitsNeverReachBeyondTheBuffer) {
  const Bytes good = FrameEncoder().encode(content(3000)).value();
  for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
    Bytes stored = good;
    stored[bit / 8] = static_cast<std::uint8_t>(stored[bit / 8] ^ (1U << bit % 8));
    Bytes out(3000);
    static_cast<void>(FrameDecoder().decode(stored, out).ok());
  }
}

}  // namespace
}  // namespace sallyport
