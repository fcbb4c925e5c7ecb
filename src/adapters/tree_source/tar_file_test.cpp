// SPDX-License-Identifier: Apache-2.0
#include "adapters/tree_source/tar_file.h"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <memory>

#include "testkit/raw_deb.h"

namespace sallyport {
namespace {

using namespace testkit;

// A file that begins to fail, or to be another one, at some read.
class Held final : public ByteSource {
 public:
  explicit Held(std::string bytes) : bytes_(std::move(bytes)) {}
  std::uint64_t size() const override { return bytes_.size(); }
  Result<void> read_at(std::uint64_t offset, std::span<std::uint8_t> into) const override {
    if (fails || offset >= fails_from)
      return Error(Code::member_digest_mismatch, "file", "as it was", "another");
    return MemorySource(as_bytes(bytes_)).read_at(offset, into);
  }
  bool fails = false;
  std::uint64_t fails_from = UINT64_MAX;

 private:
  std::string bytes_;
};

TarTreeSource source(const std::string& tar) {
  return TarTreeSource({"app.tar", std::make_shared<const Held>(tar)});
}

Code refusal(const std::string& tar) {
  const auto listed = source(tar).list();
  return listed.ok() ? Code::internal_error : listed.error().code;
}

const std::string usual = raw_tar_entry({"./opt/", "", '5'}) + raw_tar_entry({"./opt/app", "program"}) +
                          raw_tar_entry({"opt/conf", "a=1"});

TEST(TarTreeSource, ListsAndReads) {
  auto tar = source(usual + raw_tar_entry({"opt/again", "", '1', "", "opt/app"}) +
                    raw_tar_entry({"opt/link", "", '2', "", "app"}) + tar_end());
  const auto listed = tar.list();
  ASSERT_TRUE(listed.ok()) << listed.error().found;
  const auto& entries = listed.value().entries;
  ASSERT_EQ(entries.size(), 5U);
  EXPECT_EQ(entries[1].path.text(), "opt/app");
  EXPECT_EQ(entries[3].same_as, 1U);
  EXPECT_EQ(entries[3].size, 7U);
  EXPECT_EQ(entries[4].link_target, "app");
  for (const std::size_t index : {2U, 1U}) {  // the second time from the beginning
    auto file = tar.open(index);
    ASSERT_TRUE(file.ok());
    Bytes content(entries[index].size);
    ASSERT_TRUE(file.value()->read(content).ok());
    EXPECT_EQ(as_text(content), index == 1 ? "program" : "a=1");
    EXPECT_EQ(file.value()->read(content).error().code, Code::input_refused);
  }
}

TEST(TarTreeSource, B02_EntriesThatLeadElsewhere) {
  for (const std::string name :
       {"/etc/passwd", "../x", "opt/../../x", "opt//x", "opt/\x01", "opt\\x", "./../x"})
    EXPECT_EQ(refusal(usual + raw_tar_entry({name, "x"}) + tar_end()), Code::archive_malformed) << name;
  for (const std::string target : {"/etc/passwd", "../x", "opt/later", "opt", "opt/hard", ""})
    EXPECT_EQ(refusal(usual + raw_tar_entry({"opt/hard", "", '1', "", target}) + tar_end()),
              Code::archive_malformed)
        << target;
}

TEST(TarTreeSource, WhatIsNoFile) {
  for (const char type : {'3', '4', '6', '7', 'X', 'S', 'V', 'N', 'M'})
    EXPECT_EQ(refusal(usual + raw_tar_entry({"opt/other", "", type}) + tar_end()), Code::archive_malformed)
        << type;
}

TEST(TarTreeSource, APathTwice) {
  EXPECT_EQ(refusal(usual + raw_tar_entry({"opt/app", "other"}) + tar_end()), Code::archive_malformed);
  EXPECT_EQ(refusal(usual + raw_tar_entry({"./opt/./app", "other"}) + tar_end()), Code::archive_malformed);
  EXPECT_EQ(refusal(usual + raw_tar_entry({"opt", "", '5'}) + tar_end()), Code::archive_malformed);
  EXPECT_EQ(refusal(usual + raw_tar_entry({"opt/app", "", '2', "", "x"}) + tar_end()),
            Code::archive_malformed);
}

std::string pax(const std::string& records, char type = 'x') {
  return raw_tar_entry({"./PaxHeaders/x", records, type});
}

TEST(TarTreeSource, ExtendedHeadersThatMoveNothing) {
  const std::string name = "opt/" + std::string(200, 'n');
  auto tar = source(pax(pax_record("comment", "a commit"), 'g') + usual +
                    pax(pax_record("path", name) + pax_record("mtime", "1.5") + pax_record("uid", "7")) +
                    raw_tar_entry({"short", "content"}) + pax(pax_record("linkpath", "app")) +
                    raw_tar_entry({"opt/link", "", '2', "", "other"}) + tar_end());
  const auto listed = tar.list();
  ASSERT_TRUE(listed.ok()) << listed.error().found;
  ASSERT_EQ(listed.value().entries.size(), 5U);
  EXPECT_EQ(listed.value().entries[3].path.text(), name);
  EXPECT_EQ(listed.value().entries[3].size, 7U);
  EXPECT_EQ(listed.value().entries[4].link_target, "app");
}

TEST(TarTreeSource, B12_ExtendedHeadersThatMoveHeaders) {
  const auto file = raw_tar_entry({"opt/file", "content"});
  for (const std::string& records :
       {pax_record("size", "0"), pax_record("size", "7"), pax_record("GNU.sparse.major", "1"),
        pax_record("SCHILY.xattr.security.capability", "x"), pax_record("hdrcharset", "BINARY"),
        pax_record("other", "x"), pax_record("path", "a") + pax_record("path", "b"),
        pax_record("path", "../x"), pax_record("path", "/etc/x"), pax_record("path", std::string("a\0b", 3)),
        pax_record("path", ""), pax_record("uid", "-1"),
        pax_record("mtime", "1") + pax_record("size", "512")})
    EXPECT_EQ(refusal(usual + pax(records) + file + tar_end()), Code::archive_malformed) << records;
  for (const std::string key : {"path", "mtime", "uid"})
    EXPECT_EQ(refusal(pax(pax_record(key, "1"), 'g') + usual + tar_end()), Code::archive_malformed) << key;
}

// The same entry with this byte of its header, and the right check sum.
std::string with_byte(std::string entry, std::size_t at, char byte) {
  entry[at] = byte;
  std::fill_n(entry.begin() + 148, 8, ' ');
  unsigned sum = 0;
  for (std::size_t i = 0; i < 512; ++i) sum += static_cast<unsigned char>(entry[i]);
  const auto digits = fmt::format("{:06o}", sum);
  std::copy(digits.begin(), digits.end(), entry.begin() + 148);
  entry[154] = '\0';
  return entry;
}

// Where holes are, whether their list goes on, and the size with them: heeded by some readers on entries of any type.
TEST(TarTreeSource, B12_FieldsOfFilesWithHoles) {
  const auto gnu = raw_tar_entry({"opt/f", "content", '0', "", "", std::string("ustar  \0", 8)});
  EXPECT_EQ(refusal(usual + with_byte(gnu, 345, '1') + tar_end()), Code::internal_error) << "a time";
  for (const std::size_t at : {369U, 386U, 482U, 483U, 494U, 511U})
    EXPECT_EQ(refusal(usual + with_byte(gnu, at, '1') + tar_end()), Code::archive_malformed) << at;
}

TEST(TarTreeSource, B13_MalformedExtendedHeaders) {
  for (const std::string records :
       {"0 path=x\n", "-1 path=x\n", "99999999999999999999 path=x\n", "7 path=x\n", "path=x\n", "11 path=xyz",
        "011 path=xy\n", "11 path=xyz\nx", "3 =\n", "5 =x\n", "2 \n", " \n"})
    EXPECT_EQ(refusal(usual + pax(records) + raw_tar_entry({"opt/f", "x"}) + tar_end()),
              Code::archive_malformed)
        << records;
  EXPECT_EQ(refusal(usual + pax(pax_record("comment", std::string(70000, 'x'))) +
                    raw_tar_entry({"opt/f", "x"}) + tar_end()),
            Code::archive_malformed);
}

TEST(TarTreeSource, B14_ExtendedHeadersInFrontOfNoEntry) {
  const auto one = pax(pax_record("mtime", "1"));
  const auto file = raw_tar_entry({"opt/f", "x"});
  const auto long_name = raw_tar_entry({"././@LongLink", std::string("opt/long") + '\0', 'L'});
  for (const auto& tar : {usual + one, one + one + file, one + pax(pax_record("comment", "x"), 'g') + file,
                          one + long_name + file, long_name + one + file})
    EXPECT_EQ(refusal(tar + tar_end()), Code::archive_malformed);
}

TEST(TarTreeSource, WhatIsNoArchive) {
  for (const std::string& bytes :
       {std::string(), std::string("x"), std::string(100000, 'x'), usual, usual + tar_end() + "x",
        "PK\x03\x04" + usual, raw_ar({{"debian-binary", "2.0\n"}})})
    EXPECT_EQ(refusal(bytes), Code::archive_malformed) << bytes.size();
}

using Filter = int (*)(archive*);

std::string packed(const std::string& content, Filter filter) {
  std::string bytes(content.size() + (1U << 20U), '\0');
  std::size_t used = 0;
  const std::unique_ptr<archive, int (*)(archive*)> handle(archive_write_new(), archive_write_free);
  archive_write_set_format_raw(handle.get());
  filter(handle.get());
  CHECK(archive_write_open_memory(handle.get(), bytes.data(), bytes.size(), &used) == ARCHIVE_OK);
  const std::unique_ptr<archive_entry, void (*)(archive_entry*)> entry(archive_entry_new(),
                                                                       archive_entry_free);
  archive_entry_set_filetype(entry.get(), AE_IFREG);
  CHECK(archive_write_header(handle.get(), entry.get()) == ARCHIVE_OK);
  archive_write_data(handle.get(), content.data(), content.size());
  archive_write_close(handle.get());
  bytes.resize(used);
  return bytes;
}

std::string flipped(std::string bytes, std::size_t from_the_end) {
  bytes[bytes.size() - from_the_end] ^= 1;
  return bytes;
}

const std::string plain = usual + tar_end();
const std::string skipped("\x50\x2a\x4d\x18\x04\0\0\0abcd", 12);  // a zstd frame that readers pass over

// Where other readers stop, go on, or do not look.
TEST(TarTreeSource, B21_ACompressionIsOneStreamWithItsCheckSum) {
  struct Kind {
    const char* name;
    Filter filter;
    std::vector<std::size_t> sums;  // bytes that are a check sum or a size, from the end
  };
  for (const auto& [name, filter, sums] : {Kind{"gzip", archive_write_add_filter_gzip, {1, 4, 5, 8}},
                                           Kind{"xz", archive_write_add_filter_xz, {1, 3, 5, 9, 12, 13, 16}},
                                           Kind{"zstd", archive_write_add_filter_zstd, {}}}) {
    const auto whole = packed(plain, filter);
    ASSERT_EQ(refusal(whole), Code::internal_error) << name;
    for (const auto at : sums) EXPECT_EQ(refusal(flipped(whole, at)), Code::archive_malformed) << name << at;
    for (const std::size_t cut :
         {std::size_t{1}, std::size_t{4}, std::size_t{8}, std::size_t{12}, whole.size() / 2})
      EXPECT_EQ(refusal(whole.substr(0, whole.size() - cut)), Code::archive_malformed) << name << cut;
    for (const auto& behind :
         {std::string("x"), std::string(1, '\0'), std::string(4, '\0'), std::string(512, '\0'), whole,
          packed("", filter), packed(std::string(1024, '\0'), filter), skipped, plain})
      EXPECT_EQ(refusal(whole + behind), Code::archive_malformed) << name << behind.size();
    EXPECT_EQ(refusal(packed(usual, filter) + packed(tar_end(), filter)), Code::archive_malformed) << name;
    for (const auto outer :
         {archive_write_add_filter_gzip, archive_write_add_filter_xz, archive_write_add_filter_zstd})
      EXPECT_EQ(refusal(packed(whole, outer)), Code::archive_malformed) << name << " in another";
    EXPECT_EQ(refusal(skipped + whole), Code::archive_malformed) << name;
  }
}

// What a small archive brings out by naming one file again and again.
TEST(TarTreeSource, B22_HardLinksCountAsWhatComesOut) {
  const auto links = [](int count) {
    auto tar = raw_tar_entry({"opt/large", std::string(1U << 20U, '\0')});
    for (int i = 0; i < count; ++i)
      tar += raw_tar_entry({"opt/link" + std::to_string(i), "", '1', "", "opt/large"});
    return packed(tar + tar_end(), archive_write_add_filter_zstd);
  };
  EXPECT_EQ(refusal(links(60)), Code::internal_error);
  EXPECT_EQ(refusal(links(70)), Code::archive_malformed);
}

// The error is that of whoever reads the file, not one of the archive.
TEST(TarTreeSource, AFileThatChangesIsNoShorterArchive) {
  const auto held = std::make_shared<Held>(usual + tar_end());
  TarTreeSource tar({"app.tar", held});
  ASSERT_TRUE(tar.list().ok());
  held->fails = true;
  EXPECT_EQ(tar.open(1).error().code, Code::member_digest_mismatch);
  EXPECT_EQ(tar.list().error().code, Code::member_digest_mismatch);
  held->fails = false;
  const auto large =
      std::make_shared<Held>(usual + raw_tar_entry({"opt/large", std::string(500000, 'x')}) + tar_end());
  large->fails_from = 100000;
  EXPECT_EQ(TarTreeSource({"app.tar", large}).list().error().code, Code::member_digest_mismatch);
}

}  // namespace
}  // namespace sallyport
