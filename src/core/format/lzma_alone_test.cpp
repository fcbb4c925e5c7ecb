// SPDX-License-Identifier: Apache-2.0
#include "core/format/lzma_alone.h"

#include <gtest/gtest.h>

#include <string>

namespace sallyport {
namespace {

using namespace std::string_literals;

bool is_lzma(const std::string& head) {
  return is_lzma_alone(as_bytes(head));
}

TEST(LzmaAlone, IsToldByTheNumbersOfItsHeader) {
  const auto open_end = std::string(8, '\xff');
  const auto size = "\5\0\0\0\0\0\0\0"s;
  EXPECT_TRUE(is_lzma("\x5d\0\0\x80\0"s + open_end + "\0"s));
  EXPECT_TRUE(is_lzma("\x5d\0\0\x80\0"s + size + "\0 and more"s));
  EXPECT_TRUE(is_lzma("\x6e\0\0\xc0\0"s + open_end + "\0"s));      // half as much again
  for (const auto& other : {"\x5d\0\0\x80\0"s + open_end,          // cut short
                            "\xe1\0\0\x80\0"s + open_end + "\0"s,  // no such properties
                            "\x5d\0\0\x81\0"s + open_end + "\0"s,  // no usual dictionary
                            "\x5d\0\x08\0\0"s + open_end + "\0"s,  // a small one
                            "\x5d\0\0\x80\0"s + open_end + "\1"s,  // the stream begins otherwise
                            "\x6e\0\0\x80\0"s + size + "\0"s,      // a size, and not as xz writes it
                            "\x5d\0\0\x80\0"s + std::string(8, '\0') + "\0"s,  // nothing
                            "\x5d\0\0\x80\0"s + "\0\0\0\0\0\1\0\0"s + "\0"s})  // 1 TiB
    EXPECT_FALSE(is_lzma(other)) << hex(as_bytes(other));
}

}  // namespace
}  // namespace sallyport
