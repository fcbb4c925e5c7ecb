// SPDX-License-Identifier: Apache-2.0
#include "adapters/unpacker/libarchive.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>

#include "adapters/unpacker/archives_for_test.h"
#include "adapters/unpacker/zip_gaps.h"

namespace sallyport {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using Form = ArchiveForm;
using Members = ArchiveMembers;

class Collector final : public MemberSink {
 public:
  Result<void> begin(std::string_view name) override {
    name_ = name;
    members[name_];
    return {};
  }
  Result<void> feed(BytesView part) override {
    members[name_] += as_text(part);
    if (members[name_].size() > most) return Error(Code::archive_limit_exceeded, name_);
    return {};
  }
  Result<void> end() override {
    ended.push_back(name_);
    return {};
  }
  Members members;
  std::vector<std::string> ended;
  std::size_t most = 100U << 20U;

 private:
  std::string name_;
};

OpenedArchive open(const Bytes& bytes, Collector& into) {
  const auto opened = LibarchiveUnpacker().open(MemorySource(bytes), into);
  EXPECT_TRUE(opened.ok()) << opened.error().found;
  return opened.ok() ? opened.value() : OpenedArchive{Opened::no_archive, "failed"};
}

// A compression is opened by itself.
Bytes uncompressed(const Bytes& bytes) {
  Collector collector;
  open(bytes, collector);
  const bool one = collector.members.size() == 1;
  return one ? copy(as_bytes(collector.members.begin()->second)) : bytes;
}

const Members two{{"dir/one.txt", "first"}, {"two", std::string(300000, 'x')}};

const Form forms[] = {
    {"zip", archive_write_set_format_zip, nullptr},
    {"tar", archive_write_set_format_pax_restricted, nullptr},
    {"tar.gz", archive_write_set_format_ustar, archive_write_add_filter_gzip},
    {"tar.bz2", archive_write_set_format_gnutar, archive_write_add_filter_bzip2},
    {"tar.xz", archive_write_set_format_ustar, archive_write_add_filter_xz},
    {"tar.zst", archive_write_set_format_ustar, archive_write_add_filter_zstd},
    {"7z", archive_write_set_format_7zip, nullptr},
    {"cpio", archive_write_set_format_cpio_newc, nullptr},
};

TEST(Libarchive, OpensEachFormToTheLastByte) {
  for (const auto& form : forms) {
    Collector collector;
    EXPECT_EQ(open(uncompressed(make_archive(form, two)), collector).how, Opened::whole) << form.name;
    for (const auto& [name, content] : two) EXPECT_EQ(collector.members[name], content) << form.name << name;
    EXPECT_GE(collector.ended.size(), 2U) << form.name;
  }
}

TEST(Libarchive, OpensAnIsoImageAndAnArchiveOfAr) {
  Collector iso;
  EXPECT_EQ(
      open(make_archive({"iso", archive_write_set_format_iso9660, nullptr}, {{"one.txt", "first"}}), iso).how,
      Opened::whole);
  EXPECT_EQ(iso.members.begin()->second, "first");
  Collector ar;
  EXPECT_EQ(
      open(make_archive({"ar", archive_write_set_format_ar_bsd, nullptr}, {{"one.txt", "first"}}), ar).how,
      Opened::whole);
  EXPECT_EQ(ar.members, (Members{{"one.txt", "first"}}));
}

// Windows goes by the list of Joliet, others by that of Rock Ridge, and some by neither.
TEST(Libarchive, H02_FilesOfEachListOfAnIsoImage) {
  auto image = make_archive({"iso", archive_write_set_format_iso9660, nullptr}, {{"one.txt", "first"}});
  constexpr std::size_t sector = 2048;
  constexpr std::size_t joliet = 17 * sector;
  ASSERT_EQ(image[joliet], 2);
  const std::string name("\0o\0n\0e", 6);
  const auto root = image[joliet + 156 + 2] * sector;  // a small image: one byte says where it is
  const auto found =
      std::search(image.begin() + static_cast<std::ptrdiff_t>(root), image.end(), name.begin(), name.end());
  ASSERT_NE(found, image.end());
  // In that list it is another file: that of the volume's own description.
  const auto record = found - 33;
  record[2] = 16;
  record[6 + 3] = 0;
  record[10] = 6;
  record[17] = 6;
  Collector collector;
  EXPECT_EQ(open(image, collector).how, Opened::whole);
  std::string all;
  for (const auto& [member, content] : collector.members) all += content;
  EXPECT_THAT(all, HasSubstr("first"));
  EXPECT_THAT(all, HasSubstr("\1CD001"));
}

TEST(Libarchive, OpensASingleFileThatIsCompressed) {
  for (const auto filter : {archive_write_add_filter_gzip, archive_write_add_filter_lzma}) {
    Collector collector;
    const auto bytes = make_archive({"one", archive_write_set_format_raw, filter}, {{"x", "plain"}});
    EXPECT_EQ(open(bytes, collector).how, Opened::whole);
    ASSERT_EQ(collector.members.size(), 1U);
    EXPECT_EQ(collector.members.begin()->second, "plain");
  }
  // What begins a little like LZMA, which has no mark: a few numbers of a file of another kind.
  const std::string numbers("\5\0\0\1\0\10\0\0\0\0\0\0\0\0 and so on", 24);
  Collector none;
  EXPECT_EQ(open(copy(as_bytes(numbers)), none).how, Opened::no_archive);
}

// Zeros are the end of a tar archive, and what stands behind it would be seen by nobody.
TEST(Libarchive, H02_WhatACompressionHidesBehindAnArchiveComesOut) {
  const auto content = std::string(10240, '\0') + "hidden";
  Collector collector;
  const auto bytes =
      make_archive({"gz", archive_write_set_format_raw, archive_write_add_filter_gzip}, {{"x", content}});
  EXPECT_EQ(open(bytes, collector).how, Opened::whole);
  ASSERT_EQ(collector.members.size(), 1U);
  EXPECT_EQ(collector.members.begin()->second, content);
}

TEST(Libarchive, WhatIsNoArchiveIsNone) {
  for (const std::string& text : {std::string(), std::string("#!/bin/sh\nexit 0\n"), std::string(100000, 'x'),
                                  std::string("\x7f"
                                              "ELF\x02\x01\x01",
                                              7) +
                                      std::string(9000, '\0')}) {
    Collector collector;
    EXPECT_EQ(open(copy(as_bytes(text)), collector).how, Opened::no_archive) << text.substr(0, 10);
    EXPECT_THAT(collector.members, IsEmpty());
  }
}

TEST(Libarchive, B30_EncryptedIsSaid) {
  for (const auto* how : {"zip:encryption=zipcrypt", "zip:encryption=aes256"}) {
    Collector collector;
    const auto opened =
        open(make_archive({"zip", archive_write_set_format_zip, nullptr, how}, two), collector);
    EXPECT_EQ(opened.how, Opened::encrypted) << how;
    EXPECT_THAT(opened.detail, HasSubstr("dir/one.txt"));
  }
}

TEST(Libarchive, B20_CutShortIsUnreadable) {
  for (const auto& form : forms) {
    auto bytes = make_archive(form, two);
    bytes.resize(bytes.size() / 2);
    Collector collector;
    const auto opened = open(bytes, collector);
    // Formats that have their list at the end are not recognised without it.
    if (std::string(form.name) == "zip") continue;
    EXPECT_EQ(opened.how, Opened::unreadable) << form.name << " " << opened.detail;
    EXPECT_LT(collector.ended.size(), 2U) << form.name;
  }
}

std::string text_of(const Bytes& bytes) {
  return std::string(as_text(bytes));
}

Collector opened(const std::string& content, Opened how = Opened::whole) {
  Collector collector;
  EXPECT_EQ(open(copy(as_bytes(content)), collector).how, how) << content.size();
  return collector;
}

std::string all_of(const Collector& collector) {
  std::string all;
  for (const auto& [name, content] : collector.members) all += content;
  return all;
}

// A second archive behind the first one: the early images of Linux have it, and whoever wants to hide something.
TEST(Libarchive, H02_WhatStandsBehindTheEndComesOut) {
  const Members one{{"one", "first"}};
  const Form gzip{"gz", archive_write_set_format_raw, archive_write_add_filter_gzip};
  const Form bzip2{"bz2", archive_write_set_format_raw, archive_write_add_filter_bzip2};
  const Form lz4{"lz4", archive_write_set_format_raw, archive_write_add_filter_lz4};
  const Form tar{"tar", archive_write_set_format_ustar, nullptr};
  const Form cpio{"cpio", archive_write_set_format_cpio_newc, nullptr};
  const Form seven_zip{"7z", archive_write_set_format_7zip, nullptr};
  const Form iso{"iso", archive_write_set_format_iso9660, nullptr};
  for (const auto& form : {gzip, bzip2, lz4, tar, cpio, seven_zip, iso}) {
    const auto whole = text_of(make_archive(form, one));
    const std::size_t lists = std::string(form.name) == "iso" ? 3 : 1;  // each of them has the member
    EXPECT_EQ(opened(whole).ended.size(), lists) << form.name;
    EXPECT_EQ(opened(whole + std::string(5000, '\0')).ended.size(), lists) << form.name;
    for (const std::string& behind :
         {std::string("hidden"), text_of(make_archive(tar, one)), text_of(make_archive(gzip, one))}) {
      const auto found = opened(whole + std::string(512, '\0') + behind);
      ASSERT_EQ(found.ended.size(), lists + 1) << form.name;
      EXPECT_THAT(all_of(found), HasSubstr(behind.substr(0, 6))) << form.name;
    }
  }
}

// Each compression by itself: what stands behind an inner one is read by who takes off the outer one.
TEST(Libarchive, H02_WhatStandsBehindAnInnerCompressionComesOut) {
  const auto compressed = [](int (*filter)(archive*), const std::string& content) {
    return text_of(make_archive({"one", archive_write_set_format_raw, filter}, {{"x", content}}));
  };
  for (const auto outer : {archive_write_add_filter_gzip, archive_write_add_filter_xz}) {
    const auto inner = compressed(archive_write_add_filter_gzip, "first") + "behind";
    const auto found = opened(compressed(outer, inner));
    ASSERT_EQ(found.ended.size(), 1U);
    EXPECT_EQ(all_of(found), inner);
    const auto next = opened(inner);
    ASSERT_EQ(next.ended.size(), 2U);
    EXPECT_THAT(all_of(next), HasSubstr("behind"));
  }
}

// Entries of `hidden` in front of the directory of `shown`, which does not name them.
std::string with_hidden_entries(const Bytes& shown, const Bytes& hidden) {
  auto text = text_of(shown);
  const auto other = text_of(hidden);
  const auto entries = other.substr(0, other.find("PK\1\2"));
  const auto directory = text.find("PK\1\2");
  const auto end = text.rfind("PK\5\6");
  const auto offset = directory + entries.size();
  for (std::size_t i = 0; i < 4; ++i) text[end + 16 + i] = static_cast<char>(offset >> (8 * i) & 0xffU);
  return text.insert(directory, entries);
}

TEST(Libarchive, H02_ZipEntriesThatTheDirectoryLacks) {
  const Form zip{"zip", archive_write_set_format_zip, nullptr};
  const auto shown = make_archive(zip, {{"shown", "first"}});
  const auto hidden = make_archive(zip, {{"hidden", "second"}});
  EXPECT_EQ(opened(text_of(shown)).ended, std::vector<std::string>{"shown"});
  const auto found = opened(with_hidden_entries(shown, hidden));
  ASSERT_EQ(found.ended.size(), 2U);
  EXPECT_TRUE(found.members.rbegin()->second.starts_with("PK\3\4") ||
              found.members.begin()->second.starts_with("PK\3\4"));
  EXPECT_EQ(opened("in front" + text_of(shown)).ended.size(), 2U);
  EXPECT_EQ(opened(text_of(shown) + "behind").ended.size(), 2U);
  // Without a directory there is no saying what is in it.
  opened(text_of(hidden).substr(0, text_of(hidden).find("PK\1\2")), Opened::unreadable);
}

TEST(ZipGaps, AreWhatNoEntryHas) {
  const Form zip{"zip", archive_write_set_format_zip, nullptr};
  const auto shown = make_archive(zip, two);
  const auto gaps_of = [](const std::string& bytes) {
    auto found = find_zip_gaps(MemorySource(as_bytes(bytes))).value();
    return found ? std::optional(found->gaps) : std::nullopt;
  };
  const auto none = gaps_of(text_of(shown));
  ASSERT_TRUE(none.has_value());
  EXPECT_TRUE(none->empty());
  const auto in_front = gaps_of("1234" + text_of(shown));
  ASSERT_EQ(in_front->size(), 1U);
  EXPECT_EQ(in_front->front().offset, 0U);
  EXPECT_EQ(in_front->front().size, 4U);
  const auto hidden = make_archive(zip, {{"hidden", "second"}});
  const auto between = gaps_of(with_hidden_entries(shown, hidden));
  ASSERT_EQ(between->size(), 1U);
  EXPECT_EQ(between->front().offset, text_of(shown).find("PK\1\2"));
  for (const std::string& bytes :
       {std::string(), std::string("PK\5\6"), std::string(100, 'x'), text_of(shown).substr(100),
        text_of(shown).replace(text_of(shown).find("PK\1\2") + 42, 4, std::string(4, '\x7f'))})
    EXPECT_FALSE(gaps_of(bytes).has_value()) << bytes.size();
}

TEST(Libarchive, TheSinkEndsIt) {
  Collector collector;
  collector.most = 1000;
  const auto opened = LibarchiveUnpacker().open(MemorySource(make_archive(forms[0], two)), collector);
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().code, Code::archive_limit_exceeded);
}

// A content that cannot be read is a fault, not a broken archive.
class Failing final : public ByteSource {
 public:
  explicit Failing(const Bytes& bytes) : bytes_(bytes) {}
  std::uint64_t size() const override { return bytes_.size(); }
  Result<void> read_at(std::uint64_t offset, std::span<std::uint8_t> into) const override {
    if (offset > 0) return Error(Code::io_failed, "disk");
    return MemorySource(bytes_).read_at(offset, into);
  }

 private:
  const Bytes& bytes_;
};

TEST(Libarchive, AReadThatFailsIsAFault) {
  const auto bytes = make_archive(forms[1], two);
  Collector collector;
  const auto opened = LibarchiveUnpacker().open(Failing(bytes), collector);
  ASSERT_FALSE(opened.ok()) << opened.value().detail;
  EXPECT_EQ(opened.error().code, Code::io_failed);
}

}  // namespace
}  // namespace sallyport
