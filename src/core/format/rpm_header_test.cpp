// SPDX-License-Identifier: Apache-2.0
#include "core/format/rpm_header.h"

#include <gtest/gtest.h>

#include "testkit/raw_rpm.h"

namespace sallyport {
namespace {

using namespace testkit;

const std::vector<RawRpmTag> usual{rpm_text(1000, "app"), rpm_numbers16(1030, {1, 2, 3}),
                                   rpm_numbers32(1037, {7}), rpm_texts(1117, {"a", "", "b"}),
                                   rpm_binary(1500, "xyz")};

Result<RpmHeader> parse(const std::string& text, RpmRegion region = RpmRegion::immutable) {
  return RpmHeader::parse(copy(as_bytes(text)), region);
}
Code refusal(const std::string& text, RpmRegion region = RpmRegion::immutable) {
  const auto parsed = parse(text, region);
  return parsed.ok() ? Code::internal_error : parsed.error().code;
}
void put(std::string& text, std::size_t at, std::uint32_t word) {
  text.replace(at, 4, big_endian(word, 4));
}

TEST(RpmHeader, HasValuesByTag) {
  const auto parsed = parse(raw_rpm_structure(63, usual));
  ASSERT_TRUE(parsed.ok()) << parsed.error().expected;
  const auto& header = parsed.value();
  EXPECT_EQ(header.text(1000).value(), "app");
  EXPECT_EQ(header.numbers16(1030).value(), (std::vector<std::uint64_t>{1, 2, 3}));
  EXPECT_EQ(header.numbers32(1037).value(), std::vector<std::uint64_t>{7});
  EXPECT_EQ(header.texts(1117).value(), (std::vector<std::string_view>{"a", "", "b"}));
  EXPECT_EQ(as_text(header.binary(1500).value()), "xyz");
  EXPECT_FALSE(header.has(1001));
  EXPECT_EQ(header.text(1001).error().code, Code::archive_malformed);
  EXPECT_EQ(header.text(1030).error().code, Code::archive_malformed);  // of another type
  EXPECT_EQ(header.numbers32(1030).error().code, Code::archive_malformed);
  EXPECT_EQ(header.texts(1000).error().code, Code::archive_malformed);
}

TEST(RpmHeader, TranslatedTextsAreTexts) {
  const auto header = parse(raw_rpm_structure(63, {{1004, 9, 2, std::string("a\0b\0", 4)}})).value();
  EXPECT_EQ(header.texts(1004).value(), (std::vector<std::string_view>{"a", "b"}));
}

// CVE-2021-20271 was a region that ended elsewhere than its index: what lies outside is not signed.
TEST(RpmHeader, C09_OneRegionOverAllOfIt) {
  const auto good = raw_rpm_structure(63, usual);
  EXPECT_EQ(refusal(good, RpmRegion::signatures), Code::archive_malformed);
  const std::vector<std::pair<std::size_t, std::uint32_t>> changes{
      {16, 62},  // the region's tag
      {20, 8},   // its type
      {24, 0},   // where its trailer is
      {28, 32},  // the trailer's size
      {good.size() - 16, 62},
      {good.size() - 12, 6},
      {good.size() - 8, static_cast<std::uint32_t>(-16)},  // fewer entries than there are
      {good.size() - 8, 96},
      {good.size() - 4, 15},
  };
  for (const auto& [at, word] : changes) {
    auto changed = good;
    put(changed, at, word);
    EXPECT_EQ(refusal(changed), Code::archive_malformed) << at;
  }
}

TEST(RpmHeader, SizesOfTheWhole) {
  const auto good = raw_rpm_structure(63, usual);
  for (const auto& text : {std::string(), good.substr(0, 15), good.substr(0, good.size() - 1), good + '\0'})
    EXPECT_EQ(refusal(text), Code::archive_malformed) << text.size();
  for (const std::uint32_t entries : {0U, 1U, 5U, 7U, 0x10000U, 0xffffffffU}) {
    auto changed = good;
    put(changed, 8, entries);
    EXPECT_EQ(refusal(changed), Code::archive_malformed) << entries;
  }
  for (const std::uint32_t store : {0U, 15U, 0x7fffffffU, 0xffffffffU}) {
    auto changed = good;
    put(changed, 12, store);
    EXPECT_EQ(refusal(changed), Code::archive_malformed) << store;
  }
  auto other = good;
  other[3] = 2;  // its version
  EXPECT_EQ(refusal(other), Code::archive_malformed);
  other = good;
  other[7] = 1;  // reserved
  EXPECT_EQ(refusal(other), Code::archive_malformed);
  EXPECT_TRUE(parse(raw_rpm_structure(63, {})).ok());
}

// Before anything of that size is read.
TEST(RpmHeader, P01_NoLargerThanItMayBe) {
  const auto size_of = [](std::uint64_t store, RpmRegion region) {
    const auto intro = std::string("\x8e\xad\xe8\x01\0\0\0\0", 8) + big_endian(2, 4) + big_endian(store, 4);
    return rpm_structure_size(as_bytes(intro), region);
  };
  constexpr std::uint64_t besides = 16 + 2 * 16;
  for (const auto& [region, most] : {std::pair{RpmRegion::signatures, rpm_signatures_size_max},
                                     std::pair{RpmRegion::immutable, rpm_header_size_max}}) {
    EXPECT_EQ(size_of(most - besides, region).value(), most);
    EXPECT_EQ(size_of(most - besides + 1, region).error().code, Code::archive_malformed);
  }
}

TEST(RpmHeader, TagsRiseAndEachIsThereOnce) {
  const auto one = rpm_text(1000, "a");
  const auto two = rpm_text(1001, "b");
  EXPECT_EQ(refusal(raw_rpm_structure(63, {one, one})), Code::archive_malformed);
  EXPECT_EQ(refusal(raw_rpm_structure(63, {two, one})), Code::archive_malformed);
  EXPECT_EQ(refusal(raw_rpm_structure(63, {rpm_text(62, "a")})), Code::archive_malformed);
  EXPECT_EQ(refusal(raw_rpm_structure(63, {rpm_text(63, "a")})), Code::archive_malformed);
}

TEST(RpmHeader, ValuesFillTheStore) {
  EXPECT_EQ(refusal(raw_rpm_structure(63, {{1000, 0, 1, ""}})), Code::archive_malformed);    // no type
  EXPECT_EQ(refusal(raw_rpm_structure(63, {{1000, 10, 1, "x"}})), Code::archive_malformed);  // no known one
  EXPECT_EQ(refusal(raw_rpm_structure(63, {{1000, 7, 0, ""}})), Code::archive_malformed);    // no value
  EXPECT_EQ(refusal(raw_rpm_structure(63, {{1000, 6, 2, std::string("a\0b\0", 4)}})),
            Code::archive_malformed);
  EXPECT_EQ(refusal(raw_rpm_structure(63, {{1000, 6, 1, "abc"}})),
            Code::archive_malformed);  // without its end
  EXPECT_EQ(refusal(raw_rpm_structure(63, {{1000, 6, 1, std::string("a\0x", 3)}})), Code::archive_malformed);
  EXPECT_EQ(refusal(raw_rpm_structure(63, {{1000, 8, 3, std::string("a\0b\0", 4)}})),
            Code::archive_malformed);
  EXPECT_EQ(refusal(raw_rpm_structure(63, {{1000, 8, 0xffffffff, std::string("a\0", 2)}})),
            Code::archive_malformed);
  EXPECT_EQ(refusal(raw_rpm_structure(63, {{1000, 4, 2, "abcd"}})), Code::archive_malformed);
  EXPECT_EQ(refusal(raw_rpm_structure(63, {{1000, 5, 0x20000001, "abcdefgh"}})), Code::archive_malformed);
  EXPECT_EQ(refusal(raw_rpm_structure(63, {{1000, 4, 1, "abcdefgh"}})),
            Code::archive_malformed);  // four of nobody
}

// Two tags that share bytes, or bytes of nobody between them.
TEST(RpmHeader, ValuesDoNotOverlap) {
  const auto good = raw_rpm_structure(63, {rpm_text(1000, "abc"), rpm_text(1001, "def")});
  for (const std::uint32_t offset : {0U, 3U, 5U, 8U, 0x80000000U, 0xffffffffU}) {
    auto changed = good;
    put(changed, 16 + 2 * 16 + 8, offset);
    EXPECT_EQ(refusal(changed), Code::archive_malformed) << offset;
  }
  // The first says that it is longer than the store, and the second agrees.
  auto longer = good;
  put(longer, 16 + 1 * 16 + 4, 7);
  put(longer, 16 + 1 * 16 + 12, 400);
  put(longer, 16 + 2 * 16 + 8, 400);
  EXPECT_EQ(refusal(longer), Code::archive_malformed);
  const auto aligned = raw_rpm_structure(63, {rpm_binary(1000, "x"), rpm_numbers32(1001, {1})});
  ASSERT_TRUE(parse(aligned).ok());
  auto filled = aligned;
  filled[16 + 3 * 16 + 1] = 'x';
  EXPECT_EQ(refusal(filled), Code::archive_malformed);
}

}  // namespace
}  // namespace sallyport
