// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "core/base/blank.h"
#include "core/base/bytes.h"
#include "core/base/checked.h"
#include "core/base/id.h"
#include "core/base/path.h"
#include "core/base/text.h"
#include "core/base/time.h"

namespace sallyport {
namespace {

TEST(Codes, AreNamedOnceInKebabCase) {
  for (const auto& entry : all_codes()) {
    EXPECT_EQ(find_code(entry.name), entry.code) << entry.name;
    EXPECT_EQ(entry.name.find('_'), std::string_view::npos);
    EXPECT_FALSE(entry.meaning.empty());
    EXPECT_FALSE(entry.next_step.empty());
    EXPECT_NE(entry.exit, Exit::ok);
  }
  EXPECT_EQ(find_code("no-such-code"), std::nullopt);
}

TEST(Codes, RefusedIsNotFault) {
  EXPECT_EQ(kind_of(Code::signature_invalid), Kind::refused);
  EXPECT_EQ(kind_of(Code::order_replayed), Kind::refused);
  EXPECT_EQ(kind_of(Code::io_failed), Kind::fault);
  EXPECT_EQ(kind_of(Code::scanner_unreachable), Kind::fault);
}

TEST(ErrorAttack, EchoesNoMoreThanABound) {
  const std::string longest(echo_size_max, 'x');
  EXPECT_EQ(Error(Code::file_missing, longest).where, longest);
  const std::string huge(1000000, 'x');
  const Error error(Code::file_missing, huge, huge, huge);
  for (const auto& text : {error.where, error.expected, error.found}) {
    EXPECT_EQ(text, longest + "… (1000000 bytes)");
  }
  const auto within = Result<void>(Error(Code::io_failed)).within(huge);
  EXPECT_LT(within.error().steps.at(0).size(), echo_size_max + 40);
}

TEST(ErrorAttack, IsNotCutWithinACharacter) {
  for (std::size_t shift = 0; shift < 4; ++shift) {
    std::string text(shift, 'x');
    while (text.size() <= echo_size_max + 10) text += "\xf0\x9f\x9a\xaa";
    const auto cut = echoed(text);
    EXPECT_EQ(valid_utf8(cut), cut) << shift;
  }
  EXPECT_LT(echoed(std::string(100000, '\x80')).size(), echo_size_max + 40);
}

TEST(Text, CharactersAreNotBytes) {
  EXPECT_EQ(characters("a\xc3\xa4\xf0\x9f\x98\x80"), U"a\u00e4\U0001f600");
  EXPECT_EQ(characters(""), U"");
  // What is not UTF-8 equals nothing that is, and stays apart.
  EXPECT_EQ(characters("\xc3").size(), 1U);
  EXPECT_NE(characters("\xc3"), U"\u00c3");
  EXPECT_NE(characters("\xc3"), characters("\xc4"));
}

TEST(Hex, HasOneSpelling) {
  EXPECT_EQ(hex(Bytes{0x00, 0xab, 0xff}), "00abff");
  EXPECT_EQ(parse_hex("00abff", 3).value(), (Bytes{0x00, 0xab, 0xff}));
  for (const auto* bad : {"0", "0g", "AB", "00 ", "0x00"}) EXPECT_FALSE(parse_hex(bad, 8).ok()) << bad;
  EXPECT_FALSE(parse_hex("00000000", 3).ok());
}

TEST(Base64, HasOneSpelling) {
  for (const auto* text : {"", "f", "fo", "foo", "foob", "fooba", "foobar"}) {
    EXPECT_EQ(as_text(parse_base64(base64(as_bytes(text)), 6).value()), text);
  }
  EXPECT_EQ(base64(as_bytes("fooba")), "Zm9vYmE=");
  for (const auto* bad : {"Zg", "Zg=", "Zh==", "Zm9v\n", "Zm9v=", "=AAA", "Zm9vYmF=", "Zm-v", "===="}) {
    EXPECT_FALSE(parse_base64(bad, 64).ok()) << bad;
  }
  EXPECT_FALSE(parse_base64("Zm9v", 2).ok());
}

TEST(MemorySource, ReadsWholeRangesOnly) {
  const Bytes bytes{1, 2, 3, 4};
  const MemorySource source(bytes);
  EXPECT_EQ(source.read(1, 2, 10).value(), (Bytes{2, 3}));
  EXPECT_EQ(source.read(4, 0, 10).value(), Bytes{});
  EXPECT_EQ(source.read(3, 2, 10).error().code, Code::truncated);
  EXPECT_EQ(source.read(~0ULL, 2, 10).error().code, Code::truncated);
  EXPECT_EQ(source.read(0, 4, 3).error().code, Code::truncated);
}

TEST(Checked, OverflowIsNoNumber) {
  EXPECT_EQ(checked_add(~0ULL, 1), std::nullopt);
  EXPECT_EQ(checked_mul(1ULL << 32U, 1ULL << 32U), std::nullopt);
  EXPECT_FALSE(inside(1, ~0ULL, 100));
  EXPECT_TRUE(inside(50, 50, 100));
  EXPECT_FALSE(inside(50, 51, 100));
}

TEST(Instant, HasOneSpelling) {
  EXPECT_EQ(Instant::parse("1970-01-01T00:00:00Z").value().seconds(), 0);
  EXPECT_EQ(Instant::parse("2038-01-19T03:14:08Z").value().seconds(), 2147483648);
  EXPECT_EQ(Instant::parse("2106-02-07T06:28:16Z").value().seconds(), 4294967296);
  for (const auto* text : {"2026-11-21T22:06:00Z", "2000-02-29T23:59:59Z", "9999-12-31T23:59:59Z"}) {
    EXPECT_EQ(Instant::parse(text).value().print(), text);
  }
  for (const auto* bad :
       {"2026-11-21T22:06:00", "2026-11-21 22:06:00Z", "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z",
        "2026-11-21T24:00:00Z", "2026-11-21T22:06:60Z", "1969-12-31T23:59:59Z", "+026-11-21T22:06:00Z"}) {
    EXPECT_FALSE(Instant::parse(bad).ok()) << bad;
  }
  EXPECT_EQ(Instant::parse("9999-12-31T23:59:59Z").value().plus(9).print(), "9999-12-31T23:59:59Z");
}

TEST(Identifier, IsNeitherPathNorText) {
  EXPECT_TRUE(PersonId::parse("a.kumar-2").ok());
  for (const auto* bad : {"", "..", "a..b", "../x", "/etc/x", "A", "a b", "-a", "a/b", "a\n", "?", "#"}) {
    EXPECT_EQ(PersonId::parse(bad).error().code, Code::identifier_invalid) << bad;
  }
  EXPECT_FALSE(PersonId::parse(std::string(65, 'a')).ok());
}

TEST(RelativePath, CannotLeaveItsTree) {
  for (const auto* good : {"a", "a/b", "usr/lib/x86_64-linux-gnu/libc.so.6", "Größe/ü", "a b/c", "..."}) {
    EXPECT_EQ(RelativePath::parse(good).value().text(), good);
  }
  for (const std::string bad :
       {"", "/", "/a", "a/", "a//b", ".", "..", "a/../b", "./a", "a\\b", "a\nb", "a\x01", "a\x7f", "\xff",
        "a\xe2\x80\xae"
        "b",
        "a\xe2\x80\x8b"
        "b"}) {
    EXPECT_EQ(RelativePath::parse(bad).error().code, Code::path_invalid) << printable(bad);
  }
  EXPECT_FALSE(RelativePath::parse(std::string("a\0b", 3)).ok());
  EXPECT_FALSE(RelativePath::parse(std::string(256, 'a')).ok());
  std::string deep = "a";
  for (int i = 0; i < 64; ++i) deep += "/a";
  EXPECT_FALSE(RelativePath::parse(deep).ok());
  const auto path = RelativePath::parse("a/b/c").value();
  EXPECT_EQ(path.name(), "c");
  EXPECT_EQ(path.parent(), "a/b");
}

TEST(Text, HostileCharactersAreShownAsBytes) {
  EXPECT_EQ(printable("a\x1b[31mb\n"), "a\\x1b[31mb\\x0a");
  EXPECT_EQ(printable("\xe2\x80\xae"), "\\xe2\\x80\\xae");
  EXPECT_EQ(printable("Größe"), "Größe");
  EXPECT_EQ(folded("README").value(), folded("readme").value());
  EXPECT_EQ(folded("\xc3\xa9").value(), folded("e\xcc\x81").value());
}

TEST(Text, WhatNobodySeesIsBlank) {
  for (const auto* blank : {"", " ", "\u00a0", "\u3000 \u2003", "\u3164", "\uffa0", "\u115f\u1160", "\u2800",
                            "\u0301", "\ufe0f", "\u200b", "\x1b", "\xff"})
    EXPECT_TRUE(is_blank(blank)) << printable(blank);
  for (const auto* seen : {"a", " a ", "7", "-", "é", "e\u0301", "\u05d0", "\u4e2d", "+"})
    EXPECT_FALSE(is_blank(seen)) << seen;
}

}  // namespace
}  // namespace sallyport
