// SPDX-License-Identifier: Apache-2.0
#include "roles/node/measured.h"

#include <gtest/gtest.h>

#include "core/crypto/file_digest.h"
#include "roles/node/world_for_test.h"

namespace sallyport::node {
namespace {

std::string field(const std::string& bytes) {
  std::string text;
  for (unsigned shift = 0; shift < 32; shift += 8) text += static_cast<char>(bytes.size() >> shift);
  return text + bytes;
}

std::string entry(const std::string& form, const std::string& digest, const std::string& name) {
  return std::string("\x0a\0\0\0", 4) + std::string(20, 's') + field(form) +
         field(field(digest) + field(name + '\0'));
}

std::string executed(const std::string& content, const std::string& name) {
  const auto digest = file_digest(as_bytes(content));
  return entry("ima-ngv2", std::string("verity:sha256:") + '\0' + std::string(as_text(digest.bytes())), name);
}

class MeasuredTest : public testing::Test {
 protected:
  MeasuredTest() {
    world.init().value();
    world.install(first_delivery()).value();
  }
  MeasuredList compare(const std::string& list) { return compare_measurements(disk, as_bytes(list)).value(); }

  MemoryDisk disk;
  World world{disk};
  const std::string helper = first_parts().files.at("usr/bin/helper").content;
};

TEST_F(MeasuredTest, TellsTheGenerationByTheContentWhateverItsName) {
  const auto list = compare(executed(helper, "/tmp/anything"));
  ASSERT_EQ(list.entries.size(), 1U);
  EXPECT_EQ(list.entries[0].standing, Standing::may_run);
  EXPECT_EQ(list.entries[0].generations, std::vector<install::GenerationNumber>{1});
  EXPECT_EQ(list.entries[0].paths, std::vector<std::string>{"usr/bin/helper"});
  EXPECT_EQ(list.entries[0].name, "/tmp/anything");
}

TEST_F(MeasuredTest, AContentOfAnEarlierGenerationAloneRanAndMayNotNow) {
  world.install(second_delivery()).value();
  const auto list = compare(executed(helper, "/a"));
  EXPECT_EQ(list.entries.at(0).standing, Standing::ran);
  EXPECT_EQ(list.entries.at(0).generations, std::vector<install::GenerationNumber>{1});
}

TEST_F(MeasuredTest, WhatNoGenerationHasOrWasNeverFrozenIsOfNone) {
  const auto hashed = std::string("ima:sha256:") + '\0' + std::string(32, 'd');
  const auto list = compare(executed(helper + "1", "/usr/bin/helper") + entry("ima-ngv2", hashed, "/a"));
  ASSERT_EQ(list.entries.size(), 2U);
  EXPECT_EQ(list.entries[0].standing, Standing::none);
  EXPECT_TRUE(list.entries[0].generations.empty());
  EXPECT_EQ(list.entries[1].standing, Standing::none);
}

TEST_F(MeasuredTest, WhatAnotherPolicyMeasuredIsCountedAndGoesIntoThePcr) {
  const auto digest = std::string("sha256:") + '\0' + std::string(32, 'd');
  const auto own = executed(helper, "/a");
  const auto list = compare(entry("ima-ng", digest, "boot_aggregate") + own);
  EXPECT_EQ(list.others, 1U);
  EXPECT_EQ(list.entries.size(), 1U);
  EXPECT_NE(list.pcr, compare(own).pcr);
}

TEST_F(MeasuredTest, PapersThatAreNotWhatWasSignedTellNothing) {
  disk.replace_file("generations/1/tree.json", as_bytes("{}"), 0600).value();
  EXPECT_EQ(compare_measurements(disk, as_bytes(executed(helper, "/a"))).error().code,
            Code::generation_damaged);
}

}  // namespace
}  // namespace sallyport::node
