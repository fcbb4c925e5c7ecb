// SPDX-License-Identifier: Apache-2.0
#include "core/format/content.h"

#include <gtest/gtest.h>

#include "core/crypto/file_digest.h"

namespace sallyport {
namespace {

struct Packed {
  Bytes file;  // 7 bytes of something else, then the pack
  Bytes content;
  ContentObject object;
};

Packed packed() {
  Packed made{Bytes(7, 'x'), Bytes(30000), {file_digest({}), 0, {}}};
  for (std::size_t i = 0; i < made.content.size(); ++i) made.content[i] = static_cast<std::uint8_t>(i / 7);
  FrameEncoder encoder;
  for (std::size_t at = 0; at < made.content.size(); at += 10000) {
    const Bytes stored = encoder.encode(BytesView(made.content).subspan(at, 10000)).value();
    made.object.frames.push_back({made.file.size() - 7, static_cast<std::uint32_t>(stored.size()), 10000});
    made.file.insert(made.file.end(), stored.begin(), stored.end());
  }
  made.object.digest = file_digest(made.content);
  made.object.size = made.content.size();
  return made;
}

Result<Bytes> read(const Packed& made) {
  const MemorySource source(made.file);
  ContentReader reader(source, 7, made.file.size() - 7);
  Bytes out;
  TRY(reader.read(made.object, [&](BytesView part) -> Result<void> {
    out.insert(out.end(), part.begin(), part.end());
    return {};
  }));
  return out;
}

TEST(Content, IsReadFrameByFrame) {
  const Packed made = packed();
  EXPECT_EQ(read(made).value(), made.content);
}

TEST(Content, OfSizeZeroHasNoFrames) {
  Packed made = packed();
  made.object = {file_digest({}), 0, {}};
  EXPECT_TRUE(read(made).value().empty());
}

TEST(Content, HandsOnWhatTheSinkSays) {
  const Packed made = packed();
  const MemorySource source(made.file);
  ContentReader reader(source, 7, made.file.size() - 7);
  const auto stopped =
      reader.read(made.object, [](BytesView) -> Result<void> { return Error(Code::disk_full); });
  EXPECT_EQ(stopped.error().code, Code::disk_full);
}

// zstd ignores one bit of its header; the digest of the package covers that one.
TEST(ContentAttack, A03_NoFlippedBitChangesTheContent) {
  const Packed made = packed();
  for (std::size_t bit = 7 * 8; bit < made.file.size() * 8; bit += 5) {
    Packed tampered = made;
    tampered.file[bit / 8] = static_cast<std::uint8_t>(tampered.file[bit / 8] ^ (1U << bit % 8));
    const auto outcome = read(tampered);
    if (outcome.ok()) {
      EXPECT_EQ(outcome.value(), made.content) << bit;
    } else {
      EXPECT_TRUE(outcome.error().code == Code::content_malformed ||
                  outcome.error().code == Code::content_digest_mismatch);
    }
  }
}

TEST(ContentAttack, C16_FramesOfAnotherContent) {
  Packed made = packed();
  std::swap(made.object.frames[0], made.object.frames[1]);
  EXPECT_EQ(read(made).error().code, Code::content_digest_mismatch);
  made = packed();
  made.object.frames.pop_back();
  EXPECT_EQ(read(made).error().code, Code::content_digest_mismatch);
}

TEST(ContentAttack, B34_FramesBeyondThePack) {
  for (const std::uint64_t offset : {std::uint64_t{1}, UINT64_MAX, UINT64_MAX - 5, std::uint64_t{1} << 63U}) {
    Packed made = packed();
    made.object.frames.back().offset += offset;
    EXPECT_EQ(read(made).error().code, Code::content_malformed) << offset;
  }
  Packed made = packed();
  made.object.frames[0].stored_size = UINT32_MAX;
  EXPECT_EQ(read(made).error().code, Code::content_malformed);
  made = packed();
  made.object.frames[0].size = UINT32_MAX;
  EXPECT_EQ(read(made).error().code, Code::content_malformed);
}

}  // namespace
}  // namespace sallyport
