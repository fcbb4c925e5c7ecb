// SPDX-License-Identifier: Apache-2.0
#include "roles/operator/plain.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "roles/operator/plain_for_test.h"
#include "testkit/raw_deb.h"
#include "testkit/raw_rpm.h"
#include "testkit/statements.h"

namespace sallyport::intake {
namespace {

// A program that has this in a section. Its tables are the last of it, as a linker has them, or the first (Go).
enum class Tables : std::uint8_t { first, last };
std::string program_with(const std::string& content, Tables tables) {
  std::string section(64, '\0');
  section[4] = 1;
  put(section, 24, tables == Tables::first ? 128 : 64);
  put(section, 32, content.size());
  auto program = elf();
  program[60] = 1;
  put(program, 40, tables == Tables::first ? 64 : 64 + content.size());
  return tables == Tables::first ? program + section + content : program + content + section;
}

TEST(Plain, H02_NothingThatIsOpenedIsPlain) {
  for (const auto& [name, archive] : archives()) {
    const bool is_empty = name.ends_with("of nothing");  // nothing comes out of it
    EXPECT_EQ(holds_nothing(archive), is_empty) << name;
    EXPECT_FALSE(is_plain(archive)) << name;
  }
  using namespace std::string_literals;
  // Those that the unpacker reads and does not write.
  for (const auto& begin :
       {"Rar!\x1a\7\0"s, "Rar!\x1a\7\1\0"s, "MSCF\0\0\0\0"s, "\xed\xab\xee\xdb\3"s,
        "\x50\x2a\x4d\x18\0\0\0\0"s, "\x5f\x2a\x4d\x18\0\0\0\0"s, "\x71\xc7\0\0"s, std::string(512, '\0')})
    EXPECT_FALSE(is_plain(begin + std::string(100, '\1'))) << hex(as_bytes(begin));
  EXPECT_FALSE(is_plain({}));
}

// An archive behind something is found there by one or the other; then it is not plain, wherever that is.
TEST(Plain, H02_NothingThatIsOpenedBehindSomethingElseIsPlain) {
  const std::vector<Sample> beginnings{{"a script", "#!/bin/sh\nexit 0\n"},
                                       {"a long script", "#!/bin/sh\n" + std::string(3U << 20U, '#') + "\n"},
                                       {"a text", std::string(2000, 't') + "\n"},
                                       {"a program", elf()},
                                       {"a program with a section", program_with("x", Tables::last)},
                                       {"another one", program_with("x", Tables::first)},
                                       {"a document", "%PDF-1.7\n"},
                                       {"PE", "MZ" + std::string(200, '\0') + "PE" + std::string(1000, '\0')},
                                       {"bytes", std::string("\1\2\3\0", 4)}};
  std::size_t opened = 0;
  for (const auto& [beginning, before] : beginnings) {
    EXPECT_TRUE(is_plain(before)) << beginning;
    EXPECT_TRUE(holds_nothing(before)) << beginning;
    for (const auto& [name, archive] : archives()) {
      if (holds_nothing(before + archive)) continue;
      ++opened;
      EXPECT_FALSE(is_plain(before + archive)) << name << " behind " << beginning;
    }
  }
  EXPECT_GT(opened, 60U);
}

TEST(Plain, AMarkIsFoundAcrossTheEndsOfParts) {
  const auto archive = std::string("#!/bin/sh\n\xfd") + "7zXZ" + std::string(20, 'x');
  for (std::size_t part = 1; part <= archive.size(); ++part) EXPECT_FALSE(is_plain(archive, part)) << part;
  const auto tar = testkit::raw_tar_entry({"member", "content", '0', {}, {}, std::string(8, '\0')});
  for (const std::size_t part : {1U, 7U, 100U, 511U, 512U, 513U}) {
    EXPECT_FALSE(is_plain(tar, part)) << part;
    EXPECT_TRUE(is_plain("#!/bin/sh\n" + std::string(3000, 'x'), part)) << part;
  }
}

// Else no program that knows an archive would be plain.
TEST(Plain, WhatAProgramHasInItsSectionsIsTheProgram) {
  const auto content =
      std::string(9U << 20U, 'x') + "ustar PK\3\4 Rar! \x1f\x8b\x08 !<arch>\n" + std::string(1U << 20U, 'x');
  for (const auto tables : {Tables::first, Tables::last}) {
    const auto program = program_with(content, tables);
    EXPECT_TRUE(is_plain(program));
    EXPECT_TRUE(is_plain(program, 1000));
    EXPECT_TRUE(holds_nothing(program));
    EXPECT_FALSE(is_plain(program + "!<arch>\n"));
  }
  EXPECT_FALSE(is_plain(program_with(content + "7z\xbc\xaf\x27\x1c" + content, Tables::last)));
  // Tables that cannot be seen: then it does not help to be a program.
  auto program = program_with(content, Tables::last);
  put(program, 40, content.size() - 4096);
  EXPECT_FALSE(is_plain(program));
}

TEST(Plain, AnOlderTarIsKnownByItsSum) {
  const auto tar = testkit::raw_tar_entry({"member", "content", '0', {}, {}, std::string(8, '\0')});
  EXPECT_FALSE(is_plain(tar));
  auto none = tar;
  none[0] = 'M';
  EXPECT_TRUE(is_plain(none));
}

TEST(PlainBook, KnowsWhatItHasSeenItselfAndNothingElse) {
  const auto seen = file_digest(as_bytes("seen"));
  const auto other = file_digest(as_bytes("other"));
  const auto known = file_digest(as_bytes("known"));
  PlainBook book({known, file_digest(as_bytes("never met"))});
  book.opened_nothing_in(other);  // a captured worker says so
  book.saw(seen);
  EXPECT_TRUE(book.plain().empty());
  book.opened_nothing_in(seen);
  EXPECT_EQ(book.plain(), PlainBook::Contents{seen});
  book.met(other);
  book.met(known);
  EXPECT_EQ(book.plain(), (PlainBook::Contents{seen, known}));
}

}  // namespace
}  // namespace sallyport::intake
