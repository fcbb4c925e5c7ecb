// SPDX-License-Identifier: Apache-2.0
// Archives of up to half a terabyte, of which only the headers exist.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "core/format/zip.h"

namespace sallyport {
namespace {

RelativePath path(std::string_view text) {
  return RelativePath::parse(text).value();
}

// Pieces of bytes at 64-bit offsets with zeros in between.
class SparseSource final : public ByteSource {
 public:
  void write(std::uint64_t offset, Bytes bytes) {
    size_ = std::max(size_, offset + bytes.size());
    pieces_.insert_or_assign(offset, std::move(bytes));
  }
  std::uint64_t size() const override { return size_; }
  Result<void> read_at(std::uint64_t offset, std::span<std::uint8_t> into) const override {
    for (std::size_t i = 0; i < into.size(); ++i) into[i] = byte(offset + i);
    return {};
  }
  Bytes& piece(std::uint64_t offset) { return pieces_.at(offset); }

 private:
  std::uint8_t byte(std::uint64_t at) const {
    const auto next = pieces_.upper_bound(at);
    if (next == pieces_.begin()) return 0;
    const auto& [start, bytes] = *std::prev(next);
    return at - start < bytes.size() ? bytes[static_cast<std::size_t>(at - start)] : std::uint8_t{0};
  }
  std::map<std::uint64_t, Bytes> pieces_;
  std::uint64_t size_ = 0;
};

SparseSource sparse(const std::vector<std::uint64_t>& sizes) {
  std::vector<ZipPlanMember> members;
  for (std::size_t i = 0; i < sizes.size(); ++i)
    members.push_back({path("m" + std::to_string(i)), sizes[i], 0});
  const auto plan = plan_zip(members).value();
  SparseSource source;
  std::uint64_t offset = 0;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    source.write(offset, plan.local_headers[i]);
    offset += plan.local_headers[i].size() + sizes[i];
  }
  source.write(offset, plan.tail);
  return source;
}

TEST(ZipLarge, B17_SizesAndOffsetsAroundEveryLimit) {
  constexpr std::uint64_t one = 1;
  constexpr std::uint64_t g2 = one << 31U;
  constexpr std::uint64_t g4 = one << 32U;
  for (const std::uint64_t size :
       {g2 - 1, g2, g2 + 1, g4 - 100, g4 - 33, g4 - 32, g4 - 2, g4 - 1, g4, g4 + 1, 3 * g4, one << 39U}) {
    for (const auto& sizes : {std::vector{size}, {size, 5}, {5, size}, {7, size, 9}}) {
      const auto source = sparse(sizes);
      const auto directory = read_zip(source);
      ASSERT_TRUE(directory.ok()) << size << " " << directory.error().where << " "
                                  << directory.error().expected;
      ASSERT_EQ(directory.value().members.size(), sizes.size());
      std::uint64_t end = 0;
      for (std::size_t i = 0; i < sizes.size(); ++i) {
        EXPECT_EQ(directory.value().members[i].header_offset, end);
        EXPECT_EQ(directory.value().members[i].size, sizes[i]);
        end = directory.value().members[i].data_offset + sizes[i];
      }
      EXPECT_EQ(directory.value().central_directory_offset, end);
    }
  }
}

TEST(ZipLarge, B16_ValuesThatDoNotFitAnywhere) {
  for (const std::uint64_t size : {1ULL << 40U, 1ULL << 63U, ~0ULL - 10, ~0ULL}) {
    EXPECT_EQ(plan_zip({{path("a"), size, 0}}).error().code, Code::zip_limit_exceeded) << size;
  }
}

TEST(ZipLarge, B07_EveryBitOfTheZip64RecordsMatters) {
  const std::vector<std::uint64_t> sizes = {1ULL << 32U, 5};
  const auto source = sparse(sizes);
  const auto directory = read_zip(source).value();
  std::size_t accepted = 0;
  const auto tail = directory.central_directory_offset;
  const auto size = static_cast<std::size_t>(source.size() - tail);
  for (std::size_t at = 0; at < size; ++at) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      auto changed_source = source;
      changed_source.piece(tail)[at] ^= static_cast<std::uint8_t>(1U << bit);
      if (read_zip(changed_source).ok()) ++accepted;
    }
  }
  // The version of the writer in three records, and nine permission bits of two members.
  EXPECT_LE(accepted, 3U * 7 + 2 * 9);
  for (const auto& member : directory.members) {
    for (auto at = member.header_offset; at < member.data_offset; ++at) {
      auto changed_source = source;
      changed_source.piece(member.header_offset)[static_cast<std::size_t>(at - member.header_offset)] ^= 1;
      EXPECT_EQ(read_zip(changed_source).error().code, Code::zip_headers_disagree);
    }
  }
}

}  // namespace
}  // namespace sallyport
