// SPDX-License-Identifier: Apache-2.0
// ZIP archives that one reader takes for something else than the next. What any of them gets out of a content is
// handed over, or the content is unreadable.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "adapters/unpacker/libarchive.h"
#include "adapters/unpacker/zip_inside.h"

namespace sallyport {
namespace {

using testing::ElementsAre;
using namespace std::string_literals;

class Collector final : public MemberSink {
 public:
  Result<void> begin(std::string_view) override {
    contents.emplace_back();
    return {};
  }
  Result<void> feed(BytesView part) override {
    contents.back() += as_text(part);
    return {};
  }
  Result<void> end() override { return {}; }
  std::vector<std::string> contents;
};

std::string number(std::uint64_t value, std::size_t size) {
  std::string text;
  for (std::size_t i = 0; i < size; ++i) text += static_cast<char>(value >> (8 * i) & 0xffU);
  return text;
}

// What a header says of an entry; of "payload" in a raw deflate stream where nothing else is said.
const std::string payload = "payload";
const std::string deflated = "\x2b\x48\xac\xcc\xc9\x4f\x4c\x01\x00"s;

std::uint32_t check_sum(std::string_view text) {
  std::uint32_t sum = 0xffffffffU;
  for (const auto byte : as_bytes(text)) {
    sum ^= byte;
    for (int i = 0; i < 8; ++i) sum = (sum & 1U) != 0 ? sum >> 1U ^ 0xedb88320U : sum >> 1U;
  }
  return ~sum;
}

struct Said {
  std::string name = "a";
  std::uint64_t method = 8;
  std::uint64_t sum = check_sum(payload);
  std::uint64_t stored = deflated.size();
  std::uint64_t size = payload.size();
  std::uint64_t attributes = 0;  // of the directory alone
  std::uint64_t made_by = 20;
};

std::string fields(const Said& said) {
  return number(0, 2) + number(said.method, 2) + number(0x210000, 4) + number(said.sum, 4) +
         number(said.stored, 4) + number(said.size, 4) + number(said.name.size(), 2) + number(0, 2);
}
std::string entry(const Said& said, const std::string& data) {
  return "PK\3\4" + number(20, 2) + fields(said) + said.name + data;
}
std::string listed(const Said& said, std::uint64_t offset) {
  return "PK\1\2" + number(said.made_by, 2) + number(20, 2) + fields(said) + number(0, 6) +
         number(said.attributes, 4) + number(offset, 4) + said.name;
}
std::string end_of(const std::string& directory, std::uint64_t offset, const std::string& comment = {}) {
  return "PK\5\6" + number(0, 4) + number(1, 2) + number(1, 2) + number(directory.size(), 4) +
         number(offset, 4) + number(comment.size(), 2) + comment;
}
std::string zip_of(const Said& in_front, const Said& in_directory, const std::string& data = deflated,
                   const std::string& comment = {}) {
  const auto one = entry(in_front, data);
  const auto directory = listed(in_directory, 0);
  return one + directory + end_of(directory, one.size(), comment);
}

struct Read {
  Opened how;
  std::vector<std::string> contents;
};
Read read(const std::string& bytes) {
  Collector collector;
  const auto opened = LibarchiveUnpacker().open(MemorySource(as_bytes(bytes)), collector);
  EXPECT_TRUE(opened.ok());
  return {opened.value().how, collector.contents};
}

TEST(ZipReadings, AnOrdinaryOneIsWhole) {
  const auto one = read(zip_of({}, {}));
  EXPECT_EQ(one.how, Opened::whole);
  EXPECT_THAT(one.contents, ElementsAre(payload));
}

// Python and Java go by the directory, libarchive by what stands in front of the data.
TEST(ZipReadings, H02_HeadersThatSayDifferentThings) {
  Said stored{"a", 0, check_sum(deflated), deflated.size(), deflated.size()};
  EXPECT_EQ(read(zip_of(stored, {})).how, Opened::unreadable);
  stored.sum = 0;
  EXPECT_EQ(read(zip_of(stored, {})).how, Opened::unreadable);
  // The same sizes and sum, whatever the method: nothing for the library to wonder about.
  const Said same{"a", 8, check_sum(deflated), deflated.size(), deflated.size()};
  stored.sum = same.sum;
  EXPECT_EQ(read(zip_of(stored, same)).how, Opened::unreadable);
}

// A folder by its attributes or its name, which has content for whoever knows files alone.
TEST(ZipReadings, H02_FoldersWithContent) {
  constexpr std::uint64_t unix_made = 3U << 8U | 20U;
  Said said;
  said.attributes = 0x10;
  EXPECT_EQ(read(zip_of({}, said)).how, Opened::unreadable);
  said.attributes = std::uint64_t{0040755} << 16U;
  said.made_by = unix_made;
  EXPECT_EQ(read(zip_of({}, said)).how, Opened::unreadable);
  Said named;
  named.name = "a/";
  EXPECT_EQ(read(zip_of(named, named)).how, Opened::unreadable);
}

TEST(ZipReadings, H02_LinksAreFilesForWhoKnowsNone) {
  Said said{"a", 0, check_sum(payload), payload.size(), payload.size()};
  auto link = said;
  link.attributes = std::uint64_t{0120777} << 16U;
  link.made_by = 3U << 8U | 20U;
  const auto opened = read(zip_of(said, link, payload));
  EXPECT_EQ(opened.how, Opened::whole);
  EXPECT_THAT(opened.contents, ElementsAre(payload));
}

// The library looks for the end of an archive in the last 16 KiB, others in the last 64.
TEST(ZipReadings, H02_BehindSomethingElseAndBeforeALongComment) {
  const std::string comment(20000, 'c');
  for (const std::string& in_front : {"\1\2\3\4\5\6\7\10"s, "\x89PNG\r\n\x1a\n\1\2\3\4"s}) {
    const auto opened = read(in_front + zip_of({}, {}, deflated, comment));
    EXPECT_EQ(opened.how, Opened::whole);
    EXPECT_THAT(opened.contents, ElementsAre(payload));
  }
  // One more that is not there does not keep readers from this one.
  const auto one = entry({}, deflated);
  const auto directory = listed({}, 0) + listed({}, 4000);
  const auto opened = read("\1\2\3\4"s + one + directory + end_of(directory, one.size(), comment));
  EXPECT_EQ(opened.how, Opened::whole);
  EXPECT_THAT(opened.contents, ElementsAre(payload));
}

std::string tar_member(const std::string& name, const std::string& content) {
  std::string block = name + std::string(512 - name.size(), '\0');
  const auto put = [&](std::size_t at, const std::string& text) { block.replace(at, text.size(), text); };
  put(100, "0000644");
  put(108, "0000000");
  put(116, "0000000");
  std::string size(11, '0');
  for (auto [left, at] = std::pair(content.size(), std::size_t{11}); left > 0; left /= 8)
    size[--at] = static_cast<char>('0' + left % 8);
  put(124, size);
  put(136, "00000000000");
  put(148, "        ");
  put(156, "0");
  put(257, "ustar\00000"s);
  unsigned sum = 0;
  for (const char c : block) sum += static_cast<unsigned char>(c);
  std::string digits(6, '0');
  for (std::size_t at = 6; sum > 0; sum /= 8) digits[--at] = static_cast<char>('0' + sum % 8);
  put(148, digits + "\0 "s);
  return block + content + std::string((512 - content.size() % 512) % 512, '\0');
}

// In pieces, in two members of a tar archive: neither of them is an archive, and the whole is two.
TEST(ZipReadings, H02_InPiecesOfAnotherArchive) {
  const auto first = "text "s + entry({}, deflated);
  const auto in_front = tar_member("one", first);
  const auto directory = listed({}, 512 + 5);
  const auto place = in_front.size() + 512 + 5;
  const auto second = "text "s + directory + end_of(directory, place);
  const auto opened = read(in_front + tar_member("two", second) + std::string(1024, '\0'));
  EXPECT_EQ(opened.how, Opened::whole);
  EXPECT_THAT(opened.contents, ElementsAre(first, second, payload));
}

// Of two end records the last one has a comment that is too long: some readers pass over it.
TEST(ZipReadings, H02_TwoEnds) {
  const Said other{"ok", 0, check_sum("hi"), 2, 2};
  const auto one = entry({}, deflated) + listed({}, 0);
  const auto shown = entry(other, "hi");
  const auto at = one.size() + 22;
  const auto directory = listed(other, at);
  auto behind = shown + directory + end_of(directory, at + shown.size());
  behind[behind.size() - 2] = 7;
  const auto opened = read(one + end_of(listed({}, 0), entry({}, deflated).size(), behind));
  EXPECT_THAT(opened.contents, testing::Contains(payload));
}

// Thousands of end records, and each of them has the one long directory.
TEST(ZipReadings, B22_ManyEndsOfALongDirectory) {
  const auto one = "\1\2\3\4"s + entry({}, deflated);
  std::string directory;
  while (directory.size() < 1U << 20U) directory += listed({}, 0);
  auto bytes = one + directory;
  for (int i = 0; i < 200; ++i) bytes += end_of(bytes.substr(one.size()), one.size() - 4);
  const auto inside = find_zips_inside(MemorySource(as_bytes(bytes)), ZipView::all);
  ASSERT_TRUE(inside.ok());
  EXPECT_LT(inside.value().size(), 70U);
  EXPECT_FALSE(inside.value().back().readable);
  EXPECT_EQ(read(bytes).how, Opened::unreadable);
}

// The library reads from the front where it finds no end, and stops at what looks like a directory.
TEST(ZipReadings, H02_EntriesBehindAnotherDirectory) {
  const Said other{"ok", 0, check_sum("hi"), 2, 2};
  const auto front = entry(other, "hi") + listed(other, 0);
  const auto second = entry({}, deflated);
  const auto directory = listed(other, 0) + listed({}, front.size());
  const auto bytes =
      front + second + directory + end_of(directory, front.size() + second.size(), std::string(20000, 'c'));
  const auto opened = read(bytes);
  const bool all =
      std::find(opened.contents.begin(), opened.contents.end(), payload) != opened.contents.end();
  EXPECT_TRUE(all || opened.how == Opened::unreadable);
}

// cpio and tar: devices and entries of kinds that are not known here are files for some.
TEST(OtherReadings, H02_WhatSaysThatItHasContentHasIt) {
  auto member = tar_member("x", payload);
  member[156] = 'A';  // Solaris: an access list; GNU tar: a file
  unsigned sum = 0;
  for (std::size_t i = 0; i < 512; ++i)
    sum += i >= 148 && i < 156 ? unsigned{' '} : static_cast<unsigned char>(member[i]);
  std::string digits(6, '0');
  for (std::size_t at = 6; sum > 0; sum /= 8) digits[--at] = static_cast<char>('0' + sum % 8);
  member.replace(148, 6, digits);
  const auto opened = read(member + tar_member("y", "text") + std::string(1024, '\0'));
  EXPECT_EQ(opened.how, Opened::unreadable);
  const auto cpio = [](const std::string& name, const std::string& mode, const std::string& content) {
    std::string text = "070701" + std::string(8, '0') + mode + std::string(16, '0') + "00000001" +
                       std::string(8, '0') + "0000000" + std::to_string(content.size()) +
                       std::string(32, '0') + "0000000" + std::to_string(name.size() + 1) +
                       std::string(8, '0') + name + '\0';
    text.resize((text.size() + 3) / 4 * 4);
    text += content;
    text.resize((text.size() + 3) / 4 * 4);
    return text;
  };
  // A pipe with content.
  const auto pipe = read(cpio("x", "000011a4", payload) + "070701" + std::string(32, '0') + "00000001" +
                         std::string(48, '0') + "0000000b" + std::string(8, '0') + "TRAILER!!!\0\0\0\0"s);
  EXPECT_EQ(pipe.how, Opened::whole);
  EXPECT_THAT(pipe.contents, ElementsAre(payload));
}

}  // namespace
}  // namespace sallyport
