// SPDX-License-Identifier: Apache-2.0
#include "roles/operator/behind.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "roles/operator/unopened.h"

namespace sallyport::intake {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using namespace std::string_literals;

const std::string seven_zip = "7z\xbc\xaf\x27\x1c"s;
const std::string xz =
    "\xfd"
    "7zXZ\0"s;

std::vector<std::uint64_t> places(const std::string& content) {
  std::vector<std::uint64_t> offsets;
  const auto head = as_bytes(content).first(std::min<std::size_t>(content.size(), 1024));
  const auto found = places_behind(MemorySource(as_bytes(content)), head);
  EXPECT_TRUE(found.ok());
  for (const auto& place : found.value()) offsets.push_back(place.offset);
  return offsets;
}

// A shell runs the line, and never comes to what is behind it.
TEST(Behind, H02_ALineOfTextAndAnythingBehindIt) {
  const auto line = "tail -c +40 $0 | xz -d | sh; exit\n"s;
  EXPECT_THAT(places(line + "\1\2\3" + xz), ElementsAre(line.size() + 3));
  EXPECT_THAT(places("\1" + line + "\1\2\3" + xz), IsEmpty());
}

// Python's compiler has the mark of ZIP as a constant in what it makes of zipimport.py; a method of compression that
// nobody knows stands behind it.
TEST(Behind, H02_AMarkOfZipWithAMethod) {
  const auto zip = [](const std::string& method) {
    return "PK\3\4\x14\0\0\0"s + method + std::string(20, '\0');
  };
  const auto line = "\xa7\r\r\n\1\2\3"s;
  EXPECT_THAT(places(line + zip("\0\0"s)), ElementsAre(line.size()));
  EXPECT_THAT(places(line + zip("\x14\0"s)), ElementsAre(line.size()));
  EXPECT_THAT(places(line + zip("\x5d\0"s)), ElementsAre(line.size()));
  EXPECT_THAT(places(line + zip("\x63\0"s)), ElementsAre(line.size()));
  EXPECT_THAT(places(line + "PK\3\4"s), ElementsAre(line.size()));
  for (const auto& unknown : {"\x15\0"s, "\x5c\0"s, "\x64\0"s, "\x08\1"s, "d "s})
    EXPECT_THAT(places(line + zip(unknown)), IsEmpty());
  EXPECT_THAT(places(line + "PK\3\4z\x17" + "bad local file header: "), IsEmpty());
}

// 7-Zip and unrar look for their archives wherever they stand.
TEST(Behind, H02_WhatUnpackersLookForThemselves) {
  const auto image = "\x89PNG\r\n\x1a\n\0\1\2\3"s;
  const auto rar = "Rar!\x1a\7"s;
  EXPECT_THAT(places(image + seven_zip), ElementsAre(image.size()));
  EXPECT_THAT(places("%PDF-1.7\n\1\2" + rar + seven_zip), ElementsAre(11, 17));
  EXPECT_THAT(places("\1\2\3\4" + rar), ElementsAre(4));
  EXPECT_THAT(places(image + "nothing"), IsEmpty());
  std::string many = image;
  for (int i = 0; i < 40; ++i) many += seven_zip;
  EXPECT_EQ(places(many).size(), places_behind_max + 1);
}

TEST(NeverOpened, IsToldByTheFirstBytes) {
  const auto told = [](const std::string& head) { return never_opened(as_bytes(head)); };
  EXPECT_EQ(told("hsqs" + std::string(24, 'x') + "\4\0\0\0"s), "squashfs");
  EXPECT_EQ(told("\x1f\x8b\x08\xe0 and more"), "gzip with flags that are not known");
  EXPECT_EQ(told("\x89LZO\0\r\n\x1a\n and more"s), "lzop");
  EXPECT_EQ(told("xx-lh5- and more"), "LHA");
  EXPECT_EQ(told("\x27\xb5\x2f\xfd and more"), "zstd before 0.8");
  for (const auto& other :
       {""s, "hsqs"s, "hsqs is what squashfs begins with, in version 4"s, "LRZI"s, "xx-lh5"s,
        "\x1f\x8b\x08\x1f and more"s, "\x28\xb5\x2f\xfd and more"s, "\x89PNG\r\n\x1a\n"s})
    EXPECT_FALSE(told(other)) << other;
}

}  // namespace
}  // namespace sallyport::intake
