// SPDX-License-Identifier: Apache-2.0
#include "roles/server/range.h"

#include <gtest/gtest.h>

#include <string>

#include "roles/server/ranged.h"

namespace sallyport::server {
namespace {

// "OFFSET+SIZE", "whole" or "outside".
std::string range_of(std::string_view header, std::uint64_t content_size) {
  const auto range = parse_range(header, content_size);
  if (std::holds_alternative<OutsideOfContent>(range)) return "outside";
  const auto* const part = std::get_if<ByteRange>(&range);
  return part == nullptr ? "whole" : std::to_string(part->offset) + "+" + std::to_string(part->size);
}

TEST(Range, IsInsideOfTheContent) {
  EXPECT_EQ(range_of("bytes=0-0", 10), "0+1");
  EXPECT_EQ(range_of("bytes=2-4", 10), "2+3");
  EXPECT_EQ(range_of("bytes=2-", 10), "2+8");
  EXPECT_EQ(range_of("bytes=9-9", 10), "9+1");
  EXPECT_EQ(range_of("bytes=2-10", 10), "2+8");
  EXPECT_EQ(range_of("bytes=2-18446744073709551615", 10), "2+8");
  EXPECT_EQ(range_of("bytes=-3", 10), "7+3");
  EXPECT_EQ(range_of("bytes=-11", 10), "0+10");
}

TEST(Range, OutsideOfTheContentIsSaidToBe) {
  EXPECT_EQ(range_of("bytes=10-", 10), "outside");
  EXPECT_EQ(range_of("bytes=10-12", 10), "outside");
  EXPECT_EQ(range_of("bytes=-0", 10), "outside");
  EXPECT_EQ(range_of("bytes=0-", 0), "outside");
  EXPECT_EQ(range_of("bytes=-1", 0), "outside");
}

// RFC 9110: what is none is ignored.
TEST(Range, WhatIsNoneIsIgnored) {
  for (const auto* header :
       {"", "bytes", "bytes=", "bytes=-", "bytes=4-2", "bytes=1-2,4-5", "bytes=+1-2", "bytes= 1-2",
        "bytes=1-2 ", "bytes=0x1-2", "Bytes=1-2", "items=1-2", "bytes=18446744073709551616-", "bytes=1--2"})
    EXPECT_EQ(range_of(header, 10), "whole") << header;
}

// Of a content that has changed meanwhile, a part is none of what the client has.
TEST(Ranged, APartIsOfTheContentThatTheClientKnows) {
  const auto answer_to = [](WebHeaders headers) {
    const WebQuestion question{"GET", "/", std::move(headers), {}, {}};
    const Served served{nullptr, 100, 10, "\"tag\"", "application/zip"};
    return answer_with_range(question, served);
  };
  const auto part = answer_to({{"range", "bytes=2-4"}});
  EXPECT_EQ(part.status, 206U);
  EXPECT_EQ(part.file->offset, 102U);
  EXPECT_EQ(part.file->size, 3U);
  EXPECT_EQ(answer_to({{"range", "bytes=2-4"}, {"if-range", "\"tag\""}}).status, 206U);
  const auto whole = answer_to({{"range", "bytes=2-4"}, {"if-range", "\"other\""}});
  EXPECT_EQ(whole.status, 200U);
  EXPECT_EQ(whole.file->offset, 100U);
  EXPECT_EQ(whole.file->size, 10U);
  EXPECT_EQ(answer_to({{"range", "bytes=10-"}}).status, 416U);
}

}  // namespace
}  // namespace sallyport::server
