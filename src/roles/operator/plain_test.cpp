// SPDX-License-Identifier: Apache-2.0
#include "roles/operator/plain.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "adapters/scanner/memory.h"
#include "adapters/unpacker/archives_for_test.h"
#include "adapters/unpacker/libarchive.h"
#include "core/crypto/file_digest.h"
#include "roles/operator/look.h"
#include "testkit/raw_deb.h"
#include "testkit/raw_rpm.h"
#include "testkit/statements.h"

namespace sallyport::intake {
namespace {

bool is_plain(const std::string& content, std::size_t part = 1U << 20U) {
  PlainCheck check;
  for (auto rest = as_bytes(content); !rest.empty(); rest = rest.subspan(std::min(part, rest.size())))
    check.update(rest.first(std::min(part, rest.size())));
  return check.is_plain();
}

// Whether the unpacker, and who looks behind scripts and programs, find nothing.
class FindsNothing final : public Insides {
 public:
  Result<Knowledge> knows(const FileDigest&) override { return Knowledge::nothing; }
  Result<void> opened_nothing_in(const FileDigest& content) override {
    nothing.insert(content);
    return {};
  }
  std::set<FileDigest> nothing;
};

bool holds_nothing(const std::string& content) {
  LibarchiveUnpacker unpacker;
  FindsNothing insides;
  const Party party{{},
                    &unpacker,
                    [] { return Result<std::unique_ptr<Scratch>>(std::make_unique<MemoryScratch>()); },
                    {},
                    &insides};
  auto look = Look::begin(party, content.size()).value();
  EXPECT_TRUE(look->feed(as_bytes(content)).ok());
  EXPECT_TRUE(look->finish().ok());
  return insides.nothing.contains(file_digest(as_bytes(content)));
}

// The least that is a program: a header without tables.
std::string elf() {
  std::string head(
      "\x7f"
      "ELF\2\1\1",
      7);
  head.resize(64, '\0');
  head[54] = 56;
  head[58] = 64;
  return head;
}

void put(std::string& into, std::size_t at, std::uint64_t value) {
  for (std::size_t i = 0; i < 8; ++i) into[at + i] = static_cast<char>(value >> (8 * i));
}

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

struct Sample {
  std::string name;
  std::string content;
};

std::vector<Sample> archives() {
  constexpr auto raw = archive_write_set_format_raw;
  const std::vector<ArchiveForm> forms{
      {"zip", archive_write_set_format_zip, nullptr},
      {"ustar", archive_write_set_format_ustar, nullptr},
      {"pax", archive_write_set_format_pax, nullptr},
      {"gnutar", archive_write_set_format_gnutar, nullptr},
      {"v7tar", archive_write_set_format_v7tar, nullptr},
      {"7z", archive_write_set_format_7zip, nullptr},
      {"cpio", archive_write_set_format_cpio_newc, nullptr},
      {"cpio, odc", archive_write_set_format_cpio_odc, nullptr},
      {"cpio, binary", archive_write_set_format_cpio_bin, nullptr},
      {"ar", archive_write_set_format_ar_bsd, nullptr},
      {"iso", archive_write_set_format_iso9660, nullptr},
      {"xar", archive_write_set_format_xar, nullptr},
      {"gzip", raw, archive_write_add_filter_gzip},
      {"bzip2", raw, archive_write_add_filter_bzip2},
      {"xz", raw, archive_write_add_filter_xz},
      {"zstd", raw, archive_write_add_filter_zstd},
      {"lz4", raw, archive_write_add_filter_lz4},
      {"lzip", raw, archive_write_add_filter_lzip},
      {"compress", raw, archive_write_add_filter_compress},
  };
  std::vector<Sample> all;
  for (const auto& form : forms)
    all.push_back({form.name, std::string(as_text(make_archive(form, {{"one.txt", "first"}})))});
  const auto without_content = [&](const char* name, int (*filter)(archive*)) {
    all.push_back({name, std::string(as_text(make_archive({name, raw, filter}, {{"one.txt", ""}})))});
  };
  without_content("bzip2 of nothing", archive_write_add_filter_bzip2);
  without_content("gzip of nothing", archive_write_add_filter_gzip);
  all.push_back({"an empty zip", std::string(as_text(make_archive(forms.front(), {})))});
  return all;
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
      std::string(5U << 20U, 'x') + "ustar PK\3\4 Rar! \x1f\x8b\x08 !<arch>\n" + std::string(1U << 20U, 'x');
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
