// SPDX-License-Identifier: Apache-2.0
#include "core/format/compressed.h"

#include <gtest/gtest.h>
#include <zstd.h>

#include <algorithm>
#include <functional>

#include "core/format/deflate_for_test.h"
#include "core/format/gzip_reader.h"
#include "core/format/zip.h"

namespace sallyport {
namespace {

// "hello hello hello", by xz 5.4, with CRC64.
const std::string xz_stream =
    "fd377a585a000004e6d6b4460200210116000000742fe5a3e00010000b5d00341949ee8de94f7e15e00000004b88e6da44800776"
    "00012711bc"
    "27f3901fb6f37d010000000004595a";

std::string bytes_of(const std::string& digits) {
  return std::string(as_text(parse_hex(digits, 4096).value()));
}

std::string zstd_frame(const std::string& content, bool with_sum) {
  ZSTD_CCtx* context = ZSTD_createCCtx();
  ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, with_sum ? 1 : 0);
  std::string out(ZSTD_compressBound(content.size()), '\0');
  out.resize(ZSTD_compress2(context, out.data(), out.size(), content.data(), content.size()));
  ZSTD_freeCCtx(context);
  return out;
}

std::string gzip_stream(const std::string& content) {
  const auto number = [](std::uint64_t value) {
    std::string four;
    for (int i = 0; i < 4; ++i, value >>= 8U) four += static_cast<char>(value & 0xffU);
    return four;
  };
  const auto data = deflated_for_test(as_bytes(content));
  return std::string("\x1f\x8b\x08\0\0\0\0\0\0\3", 10) + std::string(as_text(data)) +
         number(crc32(0, as_bytes(content))) + number(content.size());
}

using FrameCheck = std::function<Result<void>(const ByteSource&, std::uint64_t, std::uint64_t)>;

bool is_one(const FrameCheck& check, const std::string& bytes) {
  // In the middle of a file: what stands before and behind its place is not looked at.
  const std::string file = "before" + bytes + "behind";
  const MemorySource source(as_bytes(file));
  const auto done = check(source, 6, bytes.size());
  EXPECT_TRUE(done.ok() || done.error().code == Code::archive_malformed);
  return done.ok();
}

TEST(Compressed, IsKnownByItsBeginning) {
  EXPECT_EQ(stream_kind_of(as_bytes(bytes_of(xz_stream))), StreamKind::xz);
  EXPECT_EQ(stream_kind_of(as_bytes(zstd_frame("x", true))), StreamKind::zstd);
  EXPECT_EQ(stream_kind_of(as_bytes(gzip_stream("x"))), StreamKind::gzip);
  EXPECT_EQ(stream_kind_of(as_bytes("plain")), StreamKind::plain);
  EXPECT_EQ(stream_kind_of({}), StreamKind::plain);
}

TEST(Compressed, B21_OneXzStream) {
  const auto whole = bytes_of(xz_stream);
  EXPECT_TRUE(is_one(check_xz_frame, whole));
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_FALSE(is_one(check_xz_frame, whole.substr(0, size))) << size;
  for (const auto& behind : {std::string("x"), std::string(4, '\0'), std::string(12, '\0'), whole})
    EXPECT_FALSE(is_one(check_xz_frame, whole + behind)) << behind.size();
  for (const char check : {'\0', '\2', '\3', '\x0f', '\x14'}) {
    auto other = whole;
    other[7] = check;
    EXPECT_FALSE(is_one(check_xz_frame, other)) << static_cast<int>(check);
  }
  // The index: its mark, the number of blocks, a longer size of one.
  for (const std::size_t at : {52U, 53U, 54U}) {
    auto other = whole;
    other[at] = static_cast<char>(other[at] + 8);
    EXPECT_FALSE(is_one(check_xz_frame, other)) << at;
  }
}

// Its index: where it is, what it may hold, and how it is spelled.
TEST(Compressed, B21_TheIndexOfAnXzStream) {
  const auto whole = bytes_of(xz_stream);
  const auto with = [&](std::size_t at, std::size_t size, const std::string& other) {
    return std::string(whole).replace(at, size, other);
  };
  const std::size_t index = 52;
  const std::size_t backward = whole.size() - 8;  // how long the index is
  EXPECT_FALSE(is_one(check_xz_frame, with(6, 1, "\1")));
  EXPECT_FALSE(is_one(check_xz_frame, with(whole.size() - 2, 2, "YY")));
  EXPECT_FALSE(is_one(check_xz_frame, with(backward, 4, std::string(4, '\xff'))));
  EXPECT_FALSE(is_one(check_xz_frame, with(backward, 4, std::string("\x10\0\0\0", 4))));
  const auto longer = [&](const std::string& begin) {
    auto stream = with(index, 4, begin);
    stream[stream.size() - 8] = static_cast<char>((begin.size() + 4) / 4 - 1);
    return is_one(check_xz_frame, stream);
  };
  EXPECT_TRUE(longer(std::string("\x00\x01\x27\x11", 4)));
  EXPECT_FALSE(longer(std::string("\x00\x01\x27\x11\0\0\0\0", 8)));    // more padding than needed
  EXPECT_FALSE(longer(std::string("\x00\x81\x00\x27\x11\0\0\0", 8)));  // one, in two bytes
  const auto ends =
      whole.substr(0, 12) + std::string((16U << 20U) + 4, '\0') + whole.substr(whole.size() - 12);
  auto large = ends;  // it holds nothing but an index, of more than may be
  large.replace(large.size() - 8, 4, std::string("\0\0\x40\0", 4));
  EXPECT_FALSE(is_one(check_xz_frame, large));
}

// RFC 8878: a kind of blocks that is reserved; a header with the number of a dictionary.
TEST(Compressed, B21_FramesThatNoEncoderOfOursWrites) {
  const auto empty = zstd_frame("", false);
  EXPECT_FALSE(is_one(check_zstd_frame, empty.substr(0, empty.size() - 3) + std::string("\x07\0\0", 3)));
  EXPECT_TRUE(is_one(check_zstd_frame, std::string("\x28\xb5\x2f\xfd\x21\x05\x00\x01\x00\x00", 10)));
}

TEST(Compressed, B21_OneZstdFrame) {
  for (const std::string& content : {std::string(), std::string("hello"), std::string(500000, 'x'),
                                     std::string(300, 'a') + std::string(300, 'b')}) {
    for (const bool with_sum : {false, true}) {
      const auto whole = zstd_frame(content, with_sum);
      EXPECT_TRUE(is_one(check_zstd_frame, whole)) << content.size();
      for (std::size_t size = 0; size < whole.size(); ++size)
        EXPECT_FALSE(is_one(check_zstd_frame, whole.substr(0, size))) << size;
      for (const auto& behind : {std::string("x"), std::string(4, '\0'), whole, zstd_frame("", false)})
        EXPECT_FALSE(is_one(check_zstd_frame, whole + behind)) << behind.size();
    }
  }
}

struct Read {
  std::string content;
  bool whole = false;
  bool refused = false;
  std::size_t left = 0;
};

Read gunzip(const std::string& bytes, std::size_t part) {
  GzipReader reader;
  Read read;
  Bytes room(7);
  for (std::size_t at = 0; at < bytes.size() && !reader.ended(); at += part) {
    reader.give(as_bytes(bytes).subspan(at, std::min(part, bytes.size() - at)));
    while (true) {
      const auto size = reader.take(room);
      if (!size.ok()) {
        EXPECT_EQ(size.error().code, Code::archive_malformed);
        read.refused = true;
        return read;
      }
      read.content += as_text(BytesView(room).first(size.value()));
      if (size.value() < room.size()) break;
    }
    read.left = reader.left() + (bytes.size() - std::min(bytes.size(), at + part));
  }
  read.whole = reader.ended();
  return read;
}

TEST(GzipReader, ReadsOneMemberInPartsOfAnySize) {
  const std::string content = std::string(1000, 'x') + "end";
  for (const std::size_t part : {std::size_t{1}, std::size_t{5}, std::size_t{100000}}) {
    const auto read = gunzip(gzip_stream(content), part);
    EXPECT_TRUE(read.whole) << part;
    EXPECT_EQ(read.content, content) << part;
    EXPECT_EQ(read.left, 0U) << part;
    EXPECT_EQ(gunzip(gzip_stream(content) + "xyz", part).left, 3U) << part;
  }
}

TEST(GzipReader, B21_SumAndSizeAreThoseOfTheContent) {
  const auto whole = gzip_stream("content");
  for (std::size_t at = 1; at <= 8; ++at) {
    auto other = whole;
    other[other.size() - at] ^= 1;
    EXPECT_TRUE(gunzip(other, 100).refused) << at;
  }
  for (std::size_t cut = 1; cut <= whole.size(); ++cut)
    EXPECT_FALSE(gunzip(whole.substr(0, whole.size() - cut), 100).whole) << cut;
  auto reserved = whole;
  reserved[3] = '\x20';
  EXPECT_TRUE(gunzip(reserved, 100).refused);
}

}  // namespace
}  // namespace sallyport
