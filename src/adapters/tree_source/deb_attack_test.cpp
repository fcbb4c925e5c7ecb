// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "adapters/tree_source/debs.h"
#include "testkit/raw_deb.h"

namespace sallyport {
namespace {

namespace fs = std::filesystem;
using namespace testkit;

class DebAttack : public testing::Test {
 protected:
  DebAttack() {
    std::string name = "/tmp/sallyport-deb-XXXXXX";
    CHECK(::mkdtemp(name.data()) != nullptr);
    top_ = name;
  }
  ~DebAttack() override { fs::remove_all(top_); }

  Result<SourceListing> list(const std::string& deb) const {
    const auto path = (top_ / "file.deb").string();
    std::ofstream(path, std::ios::binary) << deb;
    return DebTreeSource({path}).list();
  }

  void expect_refused(const std::string& deb, const std::string& what) const {
    const auto listed = list(deb);
    ASSERT_FALSE(listed.ok()) << what;
    EXPECT_EQ(listed.error().code, Code::input_refused) << what;
    EXPECT_NE(listed.error().where.find("file.deb"), std::string::npos) << what;
  }
  void refuses_data(const std::string& data_tar, const std::string& what) const {
    expect_refused(raw_deb(data_tar), what);
  }

  fs::path top_;
};

const std::string usual = raw_tar_entry({"./usr/", "", '5'}) + raw_tar_entry({"./usr/mme", "program"});

TEST_F(DebAttack, UntouchedIsRead) {
  const auto listed = list(raw_deb(usual + tar_end()));
  ASSERT_TRUE(listed.ok()) << listed.error().found;
  ASSERT_EQ(listed.value().entries.size(), 2U);
  EXPECT_EQ(listed.value().entries[1].size, 7U);
}

// The size in the record would take the header of the second file for content, or the other way round.
TEST_F(DebAttack, B12_PaxSizeMovesTheHeaders) {
  const auto inner = raw_tar_entry({"./hidden", "hidden"});
  for (const std::string size : {"0", "512", "1024", "99999999999"}) {
    const auto pax = raw_tar_entry({"./pax", pax_record("size", size), 'x'});
    refuses_data(pax + raw_tar_entry({"./usr", inner}) + usual + tar_end(), "size " + size);
    refuses_data(usual + pax + raw_tar_entry({"./last", inner}) + tar_end(), "size at the end " + size);
  }
  for (const char type : {'g', 'x', 'X', 'A', 'S', 'V', 'M', 'N', 'D', '7'}) {
    refuses_data(raw_tar_entry({"./other", pax_record("comment", "x"), type}) + usual + tar_end(),
                 std::string("type ") + type);
  }
  // A GNU header behind it hides from libarchive's name of the format that there was a record.
  const std::string gnu("ustar  \0", 8);
  refuses_data(raw_tar_entry({"./pax", pax_record("size", "0"), 'x'}) +
                   raw_tar_entry({"./usr", inner, '0', "", "", gnu}) + tar_end(),
               "before a GNU header");
}

TEST_F(DebAttack, B13_MalformedPaxRecord) {
  for (const std::string record : {"0 path=x\n", "-1 path=x\n", "99999999999999999999 path=x\n", "7 path=x\n",
                                   "path=x\n", "11 path=xyz", "12 =nokey12\n", "11 path\0y=z\n"}) {
    refuses_data(raw_tar_entry({"./pax", record, 'x'}) + usual + tar_end(), record);
  }
}

TEST_F(DebAttack, B14_PaxBetweenALongNameAndItsFile) {
  const auto name =
      raw_tar_entry({"././@LongLink", std::string("./usr/") + std::string(150, 'n') + '\0', 'L'});
  const auto pax = raw_tar_entry({"./pax", pax_record("path", "other"), 'x'});
  const auto file = raw_tar_entry({"./short", "content"});
  refuses_data(name + pax + file + tar_end(), "pax between");
  refuses_data(name + name + file + tar_end(), "two names");
  refuses_data(usual + name + tar_end(), "no file");
  const auto whole = list(raw_deb(name + file + tar_end()));
  ASSERT_TRUE(whole.ok()) << whole.error().found;
  EXPECT_EQ(whole.value().entries[0].path.text(), "usr/" + std::string(150, 'n'));
}

TEST_F(DebAttack, B15_NamesThatClaimGigabytes) {
  struct rusage before {};
  ::getrusage(RUSAGE_SELF, &before);
  for (const char type : {'L', 'K', 'x', 'g'}) {
    for (const std::string size : {"17777777777", "00000010001"}) {  // 2 GiB, and a page and a byte
      refuses_data(raw_tar_entry({"././@LongLink", "x", type, size}) + usual + tar_end(),
                   type + (" " + size));
    }
    const std::string base256 = std::string("\x80\0\0\0", 4) + std::string("\0\0\0\x40\0\0\0\0", 8);
    refuses_data(raw_tar_entry({"././@LongLink", "x", type, base256}) + usual + tar_end(), "base-256");
  }
  struct rusage after {};
  ::getrusage(RUSAGE_SELF, &after);
  EXPECT_LT(after.ru_maxrss - before.ru_maxrss, 32 * 1024) << "KiB";
  // The tables of long names that GNU and BSD have in ar.
  const auto data = usual + tar_end();
  expect_refused(raw_ar({{"//", "x", "1073741824"}, {"debian-binary", "2.0\n"}}), "GNU table");
  expect_refused(raw_ar({{"#1/999999999", "x"}, {"data.tar", data}}), "BSD name");
  expect_refused(raw_ar({{"/12", "2.0\n"}, {"control.tar", data}, {"data.tar", data}}), "name elsewhere");
}

TEST_F(DebAttack, B16_SizesThatAreNone) {
  const std::string large = std::string("\x80\0\0\0\x80", 5) + std::string(7, '\0');  // 2^63
  const std::string negative(12, '\xff');
  const std::string small = std::string("\x80", 1) + std::string(10, '\0') + '\x07';  // octal would do
  for (const std::string& size : {std::string("-0000000007"), std::string("77777777777"),
                                  std::string("0000000000g"), std::string("           "), std::string("7 7"),
                                  std::string("888888888888"), large, negative, small}) {
    refuses_data(usual + raw_tar_entry({"./file", "program", '0', size}) + tar_end(), size);
  }
  refuses_data(raw_tar_entry({"./usr/", "content", '5'}) + tar_end(), "a folder with content");
  refuses_data(usual + raw_tar_entry({"./hard", "content", '1', "", "./usr/mme"}) + tar_end(),
               "a link with content");
  for (const std::string size : {"-5", "9999999999", "0x10", "1e3", "", " 4", "4 4"}) {
    const auto deb = raw_ar(
        {{"debian-binary", "2.0\n", size.empty() ? " " : size}, {"control.tar", "x"}, {"data.tar", "y"}});
    expect_refused(deb, "ar size " + size);
  }
}

TEST_F(DebAttack, B19_BytesBehindTheEnd) {
  refuses_data(usual + tar_end() + raw_tar_entry({"./late", "x"}) + tar_end(),
               "an entry behind the end marker");
  refuses_data(usual + tar_end() + "x", "a byte behind the end marker");
  refuses_data(usual, "no end marker");
  const auto data = usual + tar_end();
  expect_refused(raw_deb(data) + "x", "a byte behind the last member");
  expect_refused(raw_deb(data) + raw_ar({{"more", "x"}}).substr(8), "a member behind the last one");
  expect_refused("x" + raw_deb(data), "a byte in front");
}

TEST_F(DebAttack, B09_TwoDataArchives) {
  const auto data = usual + tar_end();
  const RawArMember binary{"debian-binary", "2.0\n"};
  const RawArMember control{"control.tar", "x"};
  const RawArMember one{"data.tar", data};
  const RawArMember other{"data.tar.xz", data};
  expect_refused(raw_ar({binary, control, one, other}), "two");
  expect_refused(raw_ar({binary, one, control}), "the other order");
  expect_refused(raw_ar({control, one}), "no debian-binary");
  expect_refused(raw_ar({binary, control}), "no data");
}

// A header that its check sum does not fit is no end and no gap to look behind for the next one.
TEST_F(DebAttack, B12_HeaderWithoutItsCheckSum) {
  auto broken = usual + raw_tar_entry({"./file", "content"});
  broken[usual.size() + 3] ^= 1;
  refuses_data(broken + usual + tar_end(), "check sum");
  refuses_data(raw_tar_entry({"./old", "x", '0', "", "", std::string(8, '\0')}) + tar_end(), "no magic");
}

}  // namespace
}  // namespace sallyport
