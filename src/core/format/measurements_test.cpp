// SPDX-License-Identifier: Apache-2.0
#include "core/format/measurements.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace sallyport {
namespace {

std::string number(std::uint32_t value) {
  std::string bytes;
  for (int i = 0; i < 4; ++i) bytes += static_cast<char>(value >> (8 * i));
  return bytes;
}

std::string field(const std::string& bytes) {
  return number(static_cast<std::uint32_t>(bytes.size())) + bytes;
}

std::string data(const std::string& digest, const std::string& name) {
  return field(digest) + field(name + '\0');
}

const std::string sealed = std::string("verity:sha256:") + '\0' + std::string(32, 'd');
const std::string hashed = std::string("ima:sha256:") + '\0' + std::string(32, 'd');

std::string entry(const std::string& form, const std::string& data, std::uint32_t pcr = 10, char sha1 = 's') {
  return number(pcr) + std::string(20, sha1) + field(form) + field(data);
}

Code refused(const std::string& list) {
  const auto parsed = parse_measurements(as_bytes(list));
  return parsed.ok() ? Code::internal_error : parsed.error().code;
}

TEST(MeasurementsTest, AnEntryHasTheDigestOfFsVerityAndAName) {
  const auto list = parse_measurements(as_bytes(entry("ima-ngv2", data(sealed, "/bin/a b\n")))).value();
  ASSERT_EQ(list.size(), 1);
  EXPECT_EQ(list[0].pcr, 10);
  EXPECT_EQ(list[0].form, "ima-ngv2");
  EXPECT_EQ(list[0].name, "/bin/a b\n");
  ASSERT_TRUE(list[0].digest.has_value());
  EXPECT_EQ(as_text(list[0].digest->bytes()), std::string(32, 'd'));
}

TEST(MeasurementsTest, AHashOfTheWholeContentIsNoDigestOfFsVerity) {
  for (const auto& digest : {hashed, std::string("sha256:") + '\0' + std::string(32, 'd'),
                             std::string("verity:sha512:") + '\0' + std::string(64, 'd'), std::string()}) {
    const auto list = parse_measurements(as_bytes(entry("ima-ngv2", data(digest, "/a")))).value();
    EXPECT_FALSE(list[0].digest.has_value());
  }
}

TEST(MeasurementsTest, WhatOtherTemplatesHaveInThemIsLeftAlone) {
  const auto list =
      parse_measurements(as_bytes(entry("boot-thing", "xy") + entry("ima-ng", data(sealed, "a"))));
  ASSERT_EQ(list.value().size(), 2);
  EXPECT_FALSE(list.value()[0].digest.has_value());
  EXPECT_TRUE(list.value()[1].digest.has_value());
}

TEST(MeasurementsTest, NothingIsReadBeyondWhatAListClaims) {
  const auto whole = entry("ima-ngv2", data(sealed, "/a"));
  for (std::size_t size = 1; size < whole.size(); ++size)
    EXPECT_EQ(refused(whole.substr(0, size)), Code::truncated) << size;
  EXPECT_EQ(refused(entry("ima-ngv2", number(15) + "short")), Code::truncated);
  EXPECT_EQ(refused(number(10) + std::string(20, 's') + number(0xffffffff) + "x"), Code::not_supported);
  EXPECT_EQ(refused(entry("ima-ngv2", std::string(65537, 'x'))), Code::not_supported);
}

TEST(MeasurementsTest, WhatCannotBeReadIsSaid) {
  EXPECT_EQ(refused(entry("ima", "")), Code::not_supported);
  EXPECT_EQ(refused(entry("ima-ngv2", field(sealed + "d") + field("/a"))), Code::not_supported);
  EXPECT_EQ(refused(entry("ima-ngv2", field("verity:sha256:") + field("/a"))), Code::not_supported);
}

// By hand: SHA-256 of 32 zero bytes and the digest of the data; then of that and 32 bytes of ones.
TEST(MeasurementsTest, ThePcrIsExtendedByEachEntryInItsTurn) {
  const auto first = entry("ima-ng", data(hashed, "boot_aggregate"));
  const auto violation = entry("ima-ng", data(hashed, "/a"), 10, '\0');
  const auto elsewhere = entry("ima-ng", data(sealed, "/b"), 11);
  const auto list = parse_measurements(as_bytes(first + elsewhere + violation)).value();
  const auto join = [](const Sha256Digest& pcr, const std::string& extended) {
    return sha256(as_bytes(std::string(as_text(pcr.bytes())) + extended));
  };
  const Sha256Digest zero(std::array<std::uint8_t, 32>{});
  const auto data_digest = sha256(as_bytes(data(hashed, "boot_aggregate")));
  const auto one = join(zero, std::string(as_text(data_digest.bytes())));
  EXPECT_EQ(replay(list, 10), join(one, std::string(32, '\xff')));
  EXPECT_EQ(replay({}, 10), zero);
}

}  // namespace
}  // namespace sallyport
