// SPDX-License-Identifier: Apache-2.0
#include "core/format/rpm_package.h"

#include <gtest/gtest.h>

#include <functional>
#include <set>

#include "core/format/rpm_frame.h"
#include "testkit/raw_rpm.h"

namespace sallyport {
namespace {

using namespace testkit;

RawRpm usual() {
  RawRpm rpm;
  rpm.signature =
      "\xc2\x0a" + std::string("\x04\x00\x16\x08\x00\x00\x00\x00\x00\x00", 10);  // so that there is padding
  rpm.files = {{"/usr/bin/app", "program"},
               {"/usr/share/licenses/app/COPYING", "words", 0100644, "", 0, 128},
               {"/opt/app", "", 0040755},
               {"/usr/bin/start", "", 0120777, "app"},
               {"/var/log/app.log", "", 0100640, "", 0, 64}};
  return rpm;
}
Result<RpmPackage> read(const RawRpm& raw) {
  const auto text = raw_rpm(raw);
  return read_rpm(MemorySource(as_bytes(text)));
}
Code refusal(const std::function<void(RawRpm&)>& change) {
  auto raw = usual();
  change(raw);
  const auto package = read(raw);
  return package.ok() ? Code::internal_error : package.error().code;
}
Code with_tag(const RawRpmTag& tag) {
  return refusal([&](RawRpm& raw) { raw.tags.push_back(tag); });
}
Code without(std::uint32_t tag) {
  return refusal([&](RawRpm& raw) { raw.without.push_back(tag); });
}

TEST(RpmPackage, SaysWhatItIs) {
  auto raw = usual();
  raw.tags = {rpm_numbers32(1003, {3}), rpm_text(1024, "touch x"), rpm_texts(1085, {"/sbin/ldconfig"}),
              rpm_texts(5066, {"a", "b"})};
  const auto read_back = read(raw);
  ASSERT_TRUE(read_back.ok()) << read_back.error().expected << read_back.error().found;
  const auto& package = read_back.value();
  EXPECT_EQ(package.name, "app");
  EXPECT_EQ(package.version, "3:1.0-2");
  EXPECT_EQ(package.architecture, "x86_64");
  EXPECT_EQ(package.licence, "MIT");
  EXPECT_EQ(package.scripts, (std::vector<std::string>{"filetriggers", "post", "pre"}));
  EXPECT_EQ(package.compressor, RpmCompressor::gzip);
  ASSERT_EQ(package.files.size(), 5U);
  EXPECT_EQ(package.files[0].path.text(), "usr/bin/app");
  EXPECT_EQ(package.files[0].size, 7U);
  EXPECT_EQ(package.files[0].digest, sha256(as_bytes("program")));
  EXPECT_TRUE(package.files[1].licence);
  EXPECT_EQ(package.files[2].type, EntryType::directory);
  EXPECT_EQ(package.files[3].link_target, "app");
  EXPECT_FALSE(package.files[4].in_payload);
}

TEST(RpmPackage, TheLeadCallsItLikewise) {
  const auto with = [](const std::string& lead, const std::vector<RawRpmTag>& tags) {
    return refusal([&](RawRpm& raw) {
      raw.lead_name = lead;
      raw.tags = tags;
    });
  };
  const std::vector<RawRpmTag> epoch{rpm_numbers32(1003, {3})};
  EXPECT_EQ(with("app-3:1.0-2", epoch), Code::internal_error);
  EXPECT_EQ(with("app-1.0-2", epoch), Code::internal_error);
  EXPECT_EQ(with("app-2:1.0-2", epoch), Code::archive_malformed);
  EXPECT_EQ(with("app-3:1.0-2", {}), Code::archive_malformed);
  EXPECT_EQ(with("app-1.0-", {}), Code::archive_malformed);
  EXPECT_EQ(with("app-1.0-23", {}), Code::archive_malformed);
  EXPECT_EQ(with("app-1.0-2" + std::string(1, '\0') + "x", {}), Code::archive_malformed);
  const std::string name(100, 'n');
  EXPECT_EQ(with(name.substr(0, 65), {rpm_text(1000, name)}), Code::internal_error);
  EXPECT_EQ(with(name.substr(0, 64), {rpm_text(1000, name)}), Code::archive_malformed);
}

TEST(RpmPackage, MayHaveNoFiles) {
  const auto package = read({});
  ASSERT_TRUE(package.ok()) << package.error().expected;
  EXPECT_TRUE(package.value().files.empty());
  EXPECT_EQ(package.value().version, "1.0-2");
}

// The signature covers the header alone: without a digest there, anybody may exchange what is installed.
TEST(RpmPackage, C08_PayloadAndFilesBySha256) {
  EXPECT_EQ(without(5092), Code::publisher_signature_missing);
  EXPECT_EQ(without(5093), Code::archive_malformed);
  EXPECT_EQ(with_tag(rpm_numbers32(5093, {1})), Code::publisher_algorithm_refused);
  EXPECT_EQ(with_tag(rpm_numbers32(5093, {2})), Code::publisher_algorithm_refused);
  EXPECT_EQ(with_tag(rpm_texts(5092, {std::string(64, 'a')})), Code::publisher_signature_invalid);
  EXPECT_EQ(with_tag(rpm_texts(5092, {std::string(32, 'a')})), Code::archive_malformed);
  EXPECT_EQ(with_tag(rpm_texts(5092, {std::string(64, 'a'), std::string(64, 'b')})), Code::archive_malformed);
  EXPECT_EQ(without(5011), Code::publisher_algorithm_refused);  // MD5, as in old packages
  EXPECT_EQ(with_tag(rpm_numbers32(5011, {1})), Code::publisher_algorithm_refused);
  EXPECT_EQ(with_tag(rpm_texts(1035, {"", "", "", "", ""})), Code::archive_malformed);
}

TEST(RpmPackage, WhatItHasToSay) {
  for (const std::uint32_t tag : {1000U, 1001U, 1002U, 1014U, 1021U, 1022U, 1124U, 1125U, 1028U, 1030U, 1034U,
                                  1035U, 1036U, 1037U, 1039U, 1040U, 1095U, 1116U, 1118U})
    EXPECT_EQ(without(tag), Code::archive_malformed) << tag;
  EXPECT_EQ(with_tag(rpm_numbers32(1106, {1})), Code::archive_malformed);  // sources
  EXPECT_EQ(with_tag(rpm_text(1021, "aix")), Code::archive_malformed);
  EXPECT_EQ(with_tag(rpm_text(1124, "ustar")), Code::archive_malformed);
  for (const std::string name : {"bzip2", "lzma", ""})
    EXPECT_EQ(with_tag(rpm_text(1125, name)), Code::archive_malformed);
  EXPECT_EQ(with_tag(rpm_text(1000, "a\nb")), Code::archive_malformed);
  EXPECT_EQ(with_tag(rpm_texts(1027, {"/usr/bin/other"})),
            Code::archive_malformed);  // a second list of names
  EXPECT_EQ(with_tag({5008, 5, 5, std::string(40, '\0')}),
            Code::archive_malformed);  // a second list of sizes
}

// A list that is longer than that of the names says something of a file that is none.
TEST(RpmPackage, AValueForEachFile) {
  for (const std::uint32_t tag : {1028U, 1034U, 1037U, 1095U, 1096U, 1116U}) {
    EXPECT_EQ(with_tag(rpm_numbers32(tag, {0, 0, 0, 0})), Code::archive_malformed) << tag;
    EXPECT_EQ(with_tag(rpm_numbers32(tag, {0, 0, 0, 0, 0, 0})), Code::archive_malformed) << tag;
  }
  for (const std::uint32_t tag : {1035U, 1036U, 1039U, 1040U, 5010U}) {
    EXPECT_EQ(with_tag(rpm_texts(tag, {"", "", "", ""})), Code::archive_malformed) << tag;
    EXPECT_EQ(with_tag(rpm_texts(tag, {"", "", "", "", "", ""})), Code::archive_malformed) << tag;
  }
  const std::uint32_t mode = 0040755;
  EXPECT_EQ(with_tag(rpm_numbers16(1030, {mode, mode, mode, mode, mode})), Code::internal_error);
  EXPECT_EQ(with_tag(rpm_numbers16(1030, {mode, mode, mode, mode, mode, mode})), Code::archive_malformed);
}

TEST(RpmPackage, P01_MoreFilesThanAPackageMayHave) {
  auto raw = usual();
  raw.tags = {rpm_texts(1117, std::vector<std::string>(rpm_files_max + 1, ""))};
  const auto package = read(raw);
  ASSERT_FALSE(package.ok());
  EXPECT_EQ(package.error().expected, "at most a million files");
}

// One number on two devices is two files; on one, it is one with two names.
TEST(RpmPackage, FilesAreTheSameByDeviceAndNumber) {
  auto raw = usual();
  raw.tags = {rpm_numbers32(1095, {1, 2, 1, 1, 1}), rpm_numbers32(1096, {7, 7, 1, 2, 3})};
  const auto apart = read(raw).value();
  ASSERT_TRUE(apart.files[0].inode && apart.files[1].inode);
  EXPECT_NE(*apart.files[0].inode, *apart.files[1].inode);
  raw.tags[0] = rpm_numbers32(1095, {1, 1, 1, 1, 1});
  const auto one = read(raw).value();
  EXPECT_EQ(one.files[0].inode, one.files[1].inode);
}

TEST(RpmPackage, TellsTheDigestOfWhatIsUnpacked) {
  auto raw = usual();
  raw.tags = {rpm_texts(5097, {std::string(64, 'a')})};
  EXPECT_EQ(read(raw).value().unpacked->text(), std::string(64, 'a'));
  raw.tags = {rpm_texts(5097, {std::string(40, 'a')})};
  EXPECT_EQ(read(raw).error().code, Code::archive_malformed);
  raw.tags.clear();
  raw.without = {5097};
  EXPECT_FALSE(read(raw).value().unpacked);
}

TEST(RpmPackage, PathsStayInside) {
  const auto with_path = [](const std::string& path) {
    return refusal([&](RawRpm& raw) { raw.files[0].path = path; });
  };
  for (const std::string path : {"usr/bin/app", "/../etc/passwd", "/usr/../etc/passwd", "/usr/bin/",
                                 "//usr/app", "/", "/usr/a\nb", "/usr/\xff", "/opt/app"})
    EXPECT_EQ(with_path(path), Code::archive_malformed) << path;
  EXPECT_EQ(with_tag(rpm_numbers32(1116, {0, 1, 2, 0, 99})), Code::archive_malformed);
  auto raw = usual();
  raw.tags = {rpm_numbers32(1116, {0, 0, 0, 0, 1}), rpm_texts(1118, {"/a/"})};  // the one behind the last
  EXPECT_EQ(read(raw).error().code, Code::archive_malformed);
}

TEST(RpmPackage, FilesFoldersAndLinksAlone) {
  const auto with_mode = [](std::uint32_t mode) {
    return refusal([&](RawRpm& raw) { raw.files[0].mode = mode; });
  };
  for (const std::uint32_t mode : {0020644U, 0060644U, 0010644U, 0140644U, 0644U})
    EXPECT_EQ(with_mode(mode), Code::archive_malformed);
  EXPECT_EQ(with_mode(0104755), Code::internal_error);  // of root, and so is the tree
  const auto of = [](std::uint32_t mode, const std::string& user, const std::string& group) {
    return refusal([&](RawRpm& raw) {
      raw.files[0].mode = mode;
      raw.files[0].user = user;
      raw.files[0].group = group;
    });
  };
  EXPECT_EQ(of(0104755, "app", "root"), Code::archive_malformed);
  EXPECT_EQ(of(0102755, "root", "app"), Code::archive_malformed);
  EXPECT_EQ(of(0100755, "app", "app"), Code::internal_error);
}

TEST(RpmPackage, CapabilitiesOfFiles) {
  const auto with = [](const std::string& text) {
    auto raw = usual();
    raw.tags = {rpm_texts(5010, {text, "", "", "", ""})};
    return read(raw);
  };
  const std::vector<std::string> both{"cap_net_admin", "cap_net_raw"};
  for (const std::string text :
       {"cap_net_raw,cap_net_admin=ep", "= cap_net_admin,cap_net_raw+ep", "cap_net_raw,cap_net_admin+ep"})
    EXPECT_EQ(with(text).value().files[0].capabilities, both) << text;
  EXPECT_TRUE(with("").value().files[0].capabilities.empty());
  for (const std::string text :
       {"cap_net_raw=p", "cap_net_raw=eip", "cap_other=ep", "=ep", "cap_net_raw", "ep", "cap_net_raw,=ep",
        "cap_net_raw,cap_net_raw=ep", "= cap_net_raw=ep", "CAP_NET_RAW=ep"})
    EXPECT_EQ(with(text).error().code, Code::archive_malformed) << text;
}

Code frame_refusal(const RawRpm& raw) {
  const auto text = raw_rpm(raw);
  const auto frame = read_rpm_frame(MemorySource(as_bytes(text)));
  return frame.ok() ? Code::internal_error : frame.error().code;
}

TEST(RpmFrame, HasTheSignatureOverTheHeader) {
  auto raw = usual();
  const auto text = raw_rpm(raw);
  const auto frame = read_rpm_frame(MemorySource(as_bytes(text))).value();
  EXPECT_EQ(as_text(frame.signature), raw.signature);
  EXPECT_EQ(text.substr(frame.header_offset, 4), "\x8e\xad\xe8\x01");
  EXPECT_EQ(frame.payload_offset + frame.payload_size, text.size());
  raw.signature_tags.push_back(rpm_binary(267, raw.signature));  // several are all looked at
  const auto both = raw_rpm(raw);
  EXPECT_EQ(as_text(read_rpm_frame(MemorySource(as_bytes(both))).value().signature),
            raw.signature + raw.signature);
  raw.signatures_without = {267, 268};
  raw.signature_tags = {rpm_binary(1002, raw.signature), rpm_binary(1005, raw.signature)};  // of version 3
  const auto old = raw_rpm(raw);
  EXPECT_TRUE(read_rpm_frame(MemorySource(as_bytes(old))).value().signature.empty());
}

TEST(RpmFrame, SumsOfTheSignatures) {
  auto raw = usual();
  raw.signature_tags = {rpm_text(273, std::string(64, 'a'))};
  EXPECT_EQ(frame_refusal(raw), Code::publisher_signature_invalid);
  raw.signature_tags = {rpm_numbers32(1000, {1})};
  EXPECT_EQ(frame_refusal(raw), Code::publisher_signature_invalid);
  raw.signature_tags = {{270, 5, 1, std::string(8, '\0')}};
  EXPECT_EQ(frame_refusal(raw), Code::archive_malformed);  // two of them
  raw.signatures_without = {1000};
  EXPECT_EQ(frame_refusal(raw), Code::publisher_signature_invalid);
  raw.signature_tags.clear();
  EXPECT_EQ(frame_refusal(raw), Code::archive_malformed);
  raw.signatures_without = {273};
  EXPECT_EQ(frame_refusal(raw), Code::archive_malformed);
}

// What gpgv is handed is one signature, and no message that brings its own text along.
TEST(RpmFrame, D12_SignaturesAreSignatures) {
  const auto with = [](const std::string& packet) {
    auto raw = usual();
    raw.signature = packet;
    return frame_refusal(raw);
  };
  const std::string body("\x04\x00\x16\x08\x00\x00", 6);
  EXPECT_EQ(with("\x88\x06" + body), Code::internal_error);  // the old form
  EXPECT_EQ(with(std::string("\x89\x00\x06", 3) + body), Code::internal_error);
  EXPECT_EQ(with(std::string("\xc2\xff\0\0\0\x06", 6) + body), Code::internal_error);
  EXPECT_EQ(with("\xc2\x05" + body), Code::publisher_signature_invalid);  // bytes behind it
  EXPECT_EQ(with("\xc2\x07" + body), Code::publisher_signature_invalid);
  EXPECT_EQ(with("\xcb\x06" + body), Code::publisher_signature_invalid);  // a text
  EXPECT_EQ(with("\xc4\x06" + body), Code::publisher_signature_invalid);  // one pass
  EXPECT_EQ(with("\x8b" + body), Code::publisher_signature_invalid);      // of no length
  EXPECT_EQ(with(std::string("\x8b\0\0\0\0\0\0\0\x06", 9) + body), Code::publisher_signature_invalid);
  const auto longer = [&](std::size_t size) { return body + std::string(size - body.size(), '\0'); };
  EXPECT_EQ(with(std::string("\xc2\xc0\x00", 3) + longer(192)), Code::internal_error);
  for (const std::size_t other : {191U, 193U})
    EXPECT_EQ(with(std::string("\xc2\xc0\x00", 3) + longer(other)), Code::publisher_signature_invalid);
  EXPECT_EQ(with(std::string("\xc2\xe1\x00", 3) + longer(8640)), Code::publisher_signature_invalid);
  EXPECT_EQ(with("\xc2\xe1" + body), Code::publisher_signature_invalid);  // in parts
  EXPECT_EQ(with("\xc2\x06\x02" + body.substr(1)), Code::publisher_signature_invalid);
  EXPECT_EQ(with("\xc2"), Code::publisher_signature_invalid);
  EXPECT_EQ(with(std::string("\xc2\x00", 2)), Code::publisher_signature_invalid);
  EXPECT_EQ(with(std::string("\xc2\x03\x04\x00\x16", 5)), Code::publisher_signature_invalid);
  for (const char digest : {'\x01', '\x02', '\x03', '\x0b'}) {
    auto weak = body;
    weak[3] = digest;
    EXPECT_EQ(with("\xc2\x06" + weak), Code::publisher_algorithm_refused) << int{digest};
  }
  std::string third(19, '\0');
  third[0] = 3;
  third[16] = 8;
  EXPECT_EQ(with("\xc2\x13" + third), Code::internal_error);
  third[16] = 2;
  EXPECT_EQ(with("\xc2\x13" + third), Code::publisher_algorithm_refused);
}

// Every byte of the file, flipped: refused by what owns it, or no longer what was signed.
TEST(RpmFrame, EveryByteHasAnOwner) {
  const auto good = raw_rpm(usual());
  const auto frame = read_rpm_frame(MemorySource(as_bytes(good))).value();
  const auto signed_header = good.substr(frame.header_offset, frame.header_size);
  const auto outcome = [&](const std::string& text) -> std::string {
    const MemorySource file(as_bytes(text));
    const auto changed = read_rpm_frame(file);
    if (!changed.ok()) return std::string(name(changed.error().code));
    if (changed.value().signature != frame.signature) return "another signature";
    if (text.substr(changed.value().header_offset, changed.value().header_size) != signed_header)
      return "another header";
    const auto package = read_rpm(file);
    return package.ok() ? "accepted" : std::string(name(package.error().code));
  };
  ASSERT_EQ(outcome(good), "accepted");
  const std::string malformed = "archive-malformed";
  const std::string invalid = "publisher-signature-invalid";
  struct Region {
    std::size_t end;
    std::set<std::string> outcomes;
  };
  const std::vector<Region> regions{
      {8, {malformed}},    // magic number, version, type
      {10, {"accepted"}},  // the machine, as a number that says nothing, to rpm neither
      {96, {malformed}},   // name, system, kind of signatures
      {static_cast<std::size_t>(frame.header_offset),
       {malformed, invalid, "publisher-algorithm-refused", "another signature"}},
      {static_cast<std::size_t>(frame.payload_offset), {malformed, invalid}},
      {good.size(), {invalid}},
  };
  std::size_t at = 0;
  for (const auto& region : regions) {
    for (; at < region.end; ++at) {
      for (const unsigned bit : {1U, 0x80U}) {
        auto text = good;
        text[at] = static_cast<char>(static_cast<std::uint8_t>(text[at]) ^ bit);
        const auto found = outcome(text);
        EXPECT_TRUE(region.outcomes.contains(found)) << at << " " << found;
      }
    }
  }
  // Cut anywhere, or longer.
  for (std::size_t size = 0; size < good.size(); ++size)
    EXPECT_NE(outcome(good.substr(0, size)), "accepted") << size;
  EXPECT_EQ(outcome(good + '\0'), "publisher-signature-invalid");
}

}  // namespace
}  // namespace sallyport
