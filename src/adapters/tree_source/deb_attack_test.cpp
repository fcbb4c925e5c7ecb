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
    EXPECT_EQ(listed.error().code, Code::archive_malformed) << what;
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
  const RawArMember other{"data.tar.xz", data};  // not even xz
  expect_refused(raw_ar({binary, control, one, other}), "two");
  expect_refused(raw_ar({binary, one, control}), "the other order");
  expect_refused(raw_ar({control, one}), "no debian-binary");
  expect_refused(raw_ar({binary, control}), "no data");
}

TEST_F(DebAttack, OtherFormatsAndControlFilesTwice) {
  const auto data = usual + tar_end();
  const std::string text = "Package: mme\nVersion: 1.0\nArchitecture: amd64\n";
  const auto control = raw_tar_entry({"./control", text});
  const auto deb = [&](const std::string& format, const std::string& entries) {
    return raw_ar({{"debian-binary", format}, {"control.tar", entries + tar_end()}, {"data.tar", data}});
  };
  EXPECT_TRUE(list(deb("2.0\n", control)).ok());
  for (const std::string format : {"3.0\n", "2.1\n", "2.0", "2.0\n2.0\n", ""})
    expect_refused(deb(format, control), "format " + format);
  expect_refused(deb("2.0\n", control + control), "two control files");
  expect_refused(deb("2.0\n", raw_tar_entry({"./postinst", "x"})), "no control file");
  const auto script = raw_tar_entry({"./postinst", "x"});
  expect_refused(deb("2.0\n", control + script + script), "a script twice");
  const auto listed = list(deb("2.0\n", control + script + raw_tar_entry({"./md5sums", "x"})));
  ASSERT_TRUE(listed.ok());
  EXPECT_EQ(listed.value().components[0].not_run, std::vector<std::string>{"postinst"});
}

// dpkg, apt and others do not agree about what is there twice, and which paragraph counts.
TEST_F(DebAttack, B09_ControlFilesThatAreReadInTwoWays) {
  const auto with_control = [&](const std::string& text) {
    return list(raw_ar({{"debian-binary", "2.0\n"},
                        {"control.tar", raw_tar_entry({"./control", text}) + tar_end()},
                        {"data.tar", usual + tar_end()}}));
  };
  const std::string good = "Package: mme\nVersion: 1.0\nArchitecture: amd64\n";
  for (const std::string& fine :
       {good, good + "Description: a\n b\n .\n\tc\n", good + "\n", good + "\n \n",
        "Description: Package: other\n Version: 2\n" + good, good + "Depends:\n x\n"}) {
    const auto listed = with_control(fine);
    ASSERT_TRUE(listed.ok()) << fine << listed.error().found;
    EXPECT_EQ(listed.value().components[0].name, "mme");
    EXPECT_EQ(listed.value().components[0].version, "1.0");
  }
  for (const std::string& bad : {good + "Package: other\n",
                                 good + "package: other\n",
                                 good + "PACKAGE: mme\n",
                                 good + "version: 2.0\n",
                                 good + "Depends: a\ndepends: b\n",
                                 good + "\nPackage: other\n",
                                 "\n" + good,
                                 good + "\n" + good,
                                 std::string("package: mme\nVersion: 1.0\nArchitecture: amd64\n"),
                                 std::string("Package:mme\nVersion:  1.0\nArchitecture: amd64\n"),
                                 std::string("Package: mme \nVersion: 1.0\nArchitecture: amd64\n"),
                                 std::string("Package: mme\n x\nVersion: 1.0\nArchitecture: amd64\n"),
                                 std::string("Package:\n mme\nVersion: 1.0\nArchitecture: amd64\n"),
                                 std::string("Package: mme\r\nVersion: 1.0\r\nArchitecture: amd64\r\n"),
                                 " Package: other\n" + good,
                                 good + "no field\n",
                                 good + ": x\n",
                                 good + "#comment: x\n",
                                 good + "-x: y\n",
                                 good + "a b: c\n",
                                 good + std::string("X: a\0b\n", 7),
                                 good + "X: y",
                                 std::string(),
                                 std::string("\n"),
                                 std::string("Package: mme\nVersion: 1.0\n")}) {
    const auto listed = with_control(bad);
    ASSERT_FALSE(listed.ok()) << bad;
    EXPECT_EQ(listed.error().code, Code::archive_malformed) << bad;
  }
}

// dpkg goes by the name, and others by the bytes.
TEST_F(DebAttack, B09_MembersInAnotherOrderOrCalledByAnotherCompression) {
  const RawArMember binary{"debian-binary", "2.0\n"};
  const RawArMember control{
      "control.tar",
      raw_tar_entry({"./control", "Package: mme\nVersion: 1\nArchitecture: all\n"}) + tar_end()};
  const auto data = usual + tar_end();
  ASSERT_TRUE(list(raw_ar({binary, control, {"data.tar", data}})).ok());
  ASSERT_TRUE(list(raw_ar({binary, {"_extra", "x"}, control, {"data.tar", data}, {"_more", "x"}})).ok());
  for (const std::string name :
       {"data.tar.gz", "data.tar.xz", "data.tar.zst", "data.tar.bz2", "data.tarx", "data"})
    expect_refused(raw_ar({binary, control, {name, data}}), name);
  for (const std::string name : {"control.tar.gz", "control.tar.xz", "control.tar.zst", "control"})
    expect_refused(raw_ar({binary, {name, control.content}, {"data.tar", data}}), name);
  const std::vector<std::vector<RawArMember>> orders = {
      {control, binary, {"data.tar", data}},
      {binary, {"data.tar", data}, control},
      {{"data.tar", data}, binary, control},
      {binary, control, control, {"data.tar", data}},
      {binary, binary, control, {"data.tar", data}},
      {binary, control, {"data.tar", data}, {"data.tar", data}},
      {binary, control, {"data.tar", data}, {"other", "x"}},
      {{"_first", "x"}, control, {"data.tar", data}},
  };
  for (std::size_t i = 0; i < orders.size(); ++i)
    expect_refused(raw_ar(orders[i]), "order " + std::to_string(i));
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
