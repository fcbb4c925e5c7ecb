// SPDX-License-Identifier: Apache-2.0
#include "core/format/package_members.h"

#include <gtest/gtest.h>

namespace sallyport {
namespace {

constexpr std::string_view good =
    R"({"schema":"sallyport-members/1","manifest":"a.mf","descriptor":"a.yaml","members":[{"path":"a.mf","offset":40,"size":10},{"path":"a.yaml","offset":100,"size":900}]})";

std::string with(std::string_view from, std::string_view to) {
  std::string text(good);
  const auto at = text.find(from);
  CHECK(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

Code refusal(std::string_view text, std::uint64_t size = 1000) {
  const auto read = parse_members(as_bytes(text), size);
  return read.ok() ? Code::internal_error : read.error().code;
}

TEST(PackageMembers, AreReadAsTheyArePrinted) {
  const auto read = parse_members(as_bytes(good), 1000).value();
  EXPECT_EQ(print_members(read), good);
  ASSERT_NE(read.find("a.yaml"), nullptr);
  EXPECT_EQ(read.find("a.yaml")->offset, 100U);
  EXPECT_EQ(read.find("a.yam"), nullptr);
}

TEST(PackageMembers, OfWhatEarlierProgramsStoredTheCrcIsNotKnown) {
  auto read = parse_members(as_bytes(good), 1000).value();
  EXPECT_FALSE(read.members[0].crc32.has_value());
  read.members[0].crc32 = 7;
  EXPECT_EQ(print_members(read), good);  // all have one, or none
  read.members[1].crc32 = 4294967295;
  const auto text = print_members(read);
  EXPECT_NE(text.find("members/2"), std::string::npos);
  EXPECT_EQ(parse_members(as_bytes(text), 1000).value().members[1].crc32, 4294967295U);
}

TEST(PackageMembers, H12_NothingOutsideOfTheFileAndNothingTwice) {
  EXPECT_EQ(refusal(good, 999), Code::examiner_failed);
  for (const auto& bad :
       {with("\"offset\":100", "\"offset\":9007199254740992"),
        with("\"size\":900", "\"size\":9007199254740992"), with("{\"path\":\"a.yaml\"", "{\"path\":\"a.mf\""),
        with("\"descriptor\":\"a.yaml\"", "\"descriptor\":\"b\""),
        with("\"manifest\":\"a.mf\"", "\"manifest\":\"b\""), with("members/1", "members/2"),
        with("members/1", "members/3"), with("\"size\":900", "\"size\":900,\"crc32\":1"),
        with("\"path\":\"a.mf\"", "\"path\":\"../a.mf\""), with(",\"descriptor\"", ", \"descriptor\""),
        std::string("{}"), std::string(good) + "x"})
    EXPECT_EQ(refusal(bad), Code::examiner_failed) << bad;
}

}  // namespace
}  // namespace sallyport
