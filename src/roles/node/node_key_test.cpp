// SPDX-License-Identifier: Apache-2.0
#include "roles/node/node_key.h"

#include <gtest/gtest.h>

#include "adapters/disk/memory.h"
#include "testkit/statements.h"

namespace sallyport::node {
namespace {

class NodeKeyTest : public testing::Test {
 protected:
  NodeKeyTest() {
    disk.replace_file(paths::private_key, as_bytes("private"), 0600).value();
    disk.replace_file(paths::public_key, as_bytes(key("alice-1").pem()), 0644).value();
  }
  static PublicKey key(const std::string& name) { return testkit::TestKey(name).public_key(); }
  std::vector<std::string> found(const Result<PublicKey>& derived) {
    return found(derived, key("alice-1").id());
  }
  std::vector<std::string> found(const Result<PublicKey>& derived, const std::optional<KeyId>& pinned) {
    std::vector<std::string> files;
    for (const auto& finding : inspect_node_key(disk, derived, pinned)) {
      EXPECT_EQ(finding.code, Code::trust_file_damaged);
      files.push_back(finding.where);
    }
    return files;
  }
  std::vector<std::string> found() { return found(key("alice-1")); }
  using Files = std::vector<std::string>;
  MemoryDisk disk;
};

TEST_F(NodeKeyTest, APairIsFine) {
  EXPECT_EQ(found(), Files{});
}

TEST_F(NodeKeyTest, MissingFilesAreFound) {
  disk.remove(paths::public_key).value();
  EXPECT_EQ(found(), Files{"node.pub"});
  disk.remove(paths::private_key).value();
  EXPECT_EQ(found(Error(Code::file_missing)), (Files{"node.key", "node.pub", "node.key"}));
}

TEST_F(NodeKeyTest, WhatOthersCanReachIsFound) {
  for (const std::uint32_t mode : {0640U, 0604U, 0601U, 04600U, 0700U}) {
    disk.set_metadata(paths::private_key, {mode, 0, 0, {}});
    EXPECT_EQ(found(), Files{"node.key"}) << mode;
  }
  disk.set_metadata(paths::private_key, {0600, 0, 0, {}});
  for (const std::uint32_t mode : {0664U, 0646U, 0755U}) {
    disk.set_metadata(paths::public_key, {mode, 0, 0, {}});
    EXPECT_EQ(found(), Files{"node.pub"}) << mode;
  }
  disk.set_metadata(paths::public_key, {0644, 1000, 0, {}});
  EXPECT_EQ(found(), Files{"node.pub"});
}

TEST_F(NodeKeyTest, ASecondNameIsFound) {
  disk.link(paths::private_key, "copy").value();
  EXPECT_EQ(found(), Files{"node.key"});
}

TEST_F(NodeKeyTest, ALinkOrAFolderInItsPlaceIsFound) {
  disk.remove(paths::public_key).value();
  disk.make_folder(paths::public_key).value();
  EXPECT_EQ(found().at(0), "node.pub");
  disk.remove_tree(paths::public_key).value();
  disk.make_link("elsewhere", paths::public_key).value();
  EXPECT_EQ(found().at(0), "node.pub");
}

TEST_F(NodeKeyTest, HalvesOfTwoPairsAreFound) {
  EXPECT_EQ(found(key("bob-1")), (Files{"node.pub", "node.key"}));
  EXPECT_EQ(found(key("bob-1"), std::nullopt), Files{"node.pub"});
  disk.replace_file(paths::public_key, as_bytes("no key"), 0644).value();
  EXPECT_EQ(found(), Files{"node.pub"});
  EXPECT_EQ(found(Error(Code::key_unusable)), Files{"node.key"});
}

TEST_F(NodeKeyTest, AWholePairOfAnotherIsFound) {
  disk.replace_file(paths::public_key, as_bytes(key("bob-1").pem()), 0644).value();
  EXPECT_EQ(found(key("bob-1")), Files{"node.key"});
  EXPECT_FALSE(check_node_key(key("bob-1").id(), key("alice-1").id()).ok());
  EXPECT_TRUE(check_node_key(key("alice-1").id(), key("alice-1").id()).ok());
}

}  // namespace
}  // namespace sallyport::node
