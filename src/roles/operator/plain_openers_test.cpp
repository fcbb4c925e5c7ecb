// SPDX-License-Identifier: Apache-2.0
// What is plain, against everybody who opens: no form and no place that one of them knows may be missing.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "roles/operator/behind.h"
#include "roles/operator/forms.h"
#include "roles/operator/plain_for_test.h"
#include "roles/operator/unopened.h"
#include "testkit/raw_deb.h"

namespace sallyport::intake {
namespace {

using namespace std::string_literals;

BytesView head_of(const std::string& content) {
  return as_bytes(content).first(std::min(content.size(), form_head_size));
}

bool has_places(const std::string& content) {
  return !places_behind(MemorySource(as_bytes(content)), head_of(content)).value().empty();
}

const std::string image = "\x89PNG\r\n\x1a\n\0\1\2\3"s;
const std::string rar = "Rar!\x1a\7"s;

TEST(PlainAndOpeners, H02_WhatNobodyOpensIsNotPlain) {
  const std::vector<std::string> heads{"\x1f\x8b\x08\xe0"s,
                                       "hsqs" + std::string(24, 'x') + "\4\0\0\0"s,
                                       "sqsh" + std::string(24, 'x') + "\0"s,
                                       "\x45\x3d\xcd\x28" + std::string(12, 'x') + "Compressed ROMFS",
                                       "\x28\xcd\x3d\x45" + std::string(12, 'x') + "Compressed ROMFS",
                                       "\x89LZO\0\r\n\x1a\n"s,
                                       "LRZI\0"s,
                                       "\xff\6\0\0sNaPpY"s,
                                       "xx-lh5-"s,
                                       "1234567**ACE**"s,
                                       "7kSt\xa0\x31\x83\xd3\x8c\xb2\x28\xb0\xd3"s,
                                       "ZOO " + std::string(16, 'x') + "\xdc\xa7\xc4\xfd",
                                       "\x24\xb5\x2f\xfd\1"s,
                                       "\x27\xb5\x2f\xfd\1"s};
  for (const auto& head : heads) {
    const auto content = head + std::string(600, '\1');
    EXPECT_TRUE(never_opened(head_of(content))) << hex(as_bytes(head));
    EXPECT_FALSE(holds_nothing(content)) << hex(as_bytes(head));
    EXPECT_FALSE(is_plain(content)) << hex(as_bytes(head));
  }
}

TEST(PlainAndOpeners, H02_WhereverAPlaceIsFoundItIsNotPlain) {
  auto marks = archives();
  for (const auto& mark : {rar, "7z\xbc\xaf\x27\x1c"s, "MSCF\0\0\0\0"s, "\xed\xab\xee\xdb"s,
                           "hsqs" + std::string(24, 'x') + "\4\0\0\0"s})
    marks.push_back({mark.substr(0, 4), mark + std::string(600, '\1')});
  const std::string line = "tail -n +2 $0 | xz -d | sh; exit\n\1\2\3";
  std::size_t found = 0;
  for (const auto& before :
       {line, image, "%PDF-1.7\n\1\2"s, "\1\2\3\4"s, "MZ" + std::string(200, '\0') + "PE\0\0"s,
        "#!/bin/sh\n"s, elf(), elf() + std::string(100, '\0'), std::string(2000, 't')}) {
    EXPECT_TRUE(is_plain(before)) << hex(head_of(before).first(4));
    for (const auto& [name, mark] : marks) {
      const auto content = before + mark;
      if (!has_places(content) && holds_nothing(content)) continue;
      ++found;
      EXPECT_FALSE(is_plain(content)) << name << " behind " << hex(head_of(before).first(4));
    }
  }
  EXPECT_GT(found, 100U);
  // As far as unpackers look, and not farther.
  for (const auto& [at, plain] :
       {std::pair(unpackers_look_max - rar.size(), false), std::pair(unpackers_look_max, true)}) {
    const auto content = image + std::string(at - image.size(), '\1') + rar;
    EXPECT_EQ(has_places(content), !plain);
    EXPECT_EQ(is_plain(content), plain);
  }
}

// A program without sections says nothing of where it ends, and has what is behind it.
TEST(PlainAndOpeners, H02_ATableWithoutSectionsEndsNothing) {
  for (const auto& [name, archive] : archives()) {
    auto program = elf() + archive;
    put(program, 40, program.size());
    if (holds_nothing(program)) continue;
    EXPECT_FALSE(is_plain(program)) << name;
  }
  auto program = elf() + archives().front().content;
  put(program, 40, program.size());
  EXPECT_FALSE(holds_nothing(program));
}

// The end of a ZIP archive, behind anything, in front of a comment as long as there are, or between other members.
TEST(PlainAndOpeners, H02_TheEndOfAZipArchive) {
  auto zip = archives().front().content;
  zip[zip.size() - 1] = zip[zip.size() - 2] = '\xff';
  zip += std::string(65535, 'c');
  for (const std::string& before : {"\1\2\3\4"s, image, elf(), "text\n"s, std::string(100000, '\1')}) {
    EXPECT_FALSE(holds_nothing(before + zip));
    EXPECT_FALSE(is_plain(before + zip));
    EXPECT_FALSE(is_plain(before + zip, 1000));
  }
}

// Readers of the field stop behind the first number, or pass over what stands between digits.
TEST(PlainAndOpeners, H02_ASumOfATarArchiveThatIsReadInTwoWays) {
  auto tar = testkit::raw_tar_entry({"member", "content", '0', {}, {}, std::string(8, '\0')}) +
             std::string(1024, '\0');
  constexpr std::size_t sum_at = 148;
  const auto digits = tar.substr(sum_at, 6);
  ASSERT_EQ(digits.substr(0, 1), "0");
  for (const auto& field :
       {digits.substr(1) + " 7 ", digits.substr(1) + "\0"s + "07", "  " + digits.substr(1) + "\0"s}) {
    tar.replace(sum_at, 8, field);
    EXPECT_FALSE(holds_nothing(tar)) << field;
    EXPECT_FALSE(is_plain(tar)) << field;
  }
}

TEST(PlainAndOpeners, LzmaAloneIsKnownByItsHeader) {
  const std::string numbers("\5\0\0\1\0\10\0\0\0\0\0\0\0\0 and so on", 24);
  EXPECT_TRUE(holds_nothing(numbers));
  EXPECT_TRUE(is_plain(numbers));
}

}  // namespace
}  // namespace sallyport::intake
