// SPDX-License-Identifier: Apache-2.0
// Attacks on a node's root and on the files that it is given, by their numbers in the catalogue.
#include <gtest/gtest.h>

#include <algorithm>

#include "adapters/disk/faulty.h"
#include "core/crypto/file_digest.h"
#include "roles/node/world_for_test.h"

namespace sallyport::node {
namespace {

// A file that somebody writes to while it is read: after so many bytes it is another one.
class ChangingFile final : public ByteSource {
 public:
  ChangingFile(BytesView before, BytesView after, std::uint64_t bytes)
      : before_(before), after_(after), left_(bytes) {}
  std::uint64_t size() const override { return before_.size(); }
  Result<void> read_at(std::uint64_t offset, std::span<std::uint8_t> into) const override {
    const bool changed = left_ < into.size();
    left_ -= changed ? left_ : into.size();
    return MemorySource(changed ? after_ : before_).read_at(offset, into);
  }

 private:
  BytesView before_;
  BytesView after_;
  mutable std::uint64_t left_;
};

class NodeAttack : public testing::Test {
 protected:
  NodeAttack() {
    world.init().value();
    world.install(first_delivery()).value();
  }
  Result<InstallReport> install_from(const ByteSource& source) {
    const auto at = world.ports();
    return node::install(at, {source, second_delivery().verdict, second_delivery().order}, world.account);
  }
  void expect_first_one_serves() {
    EXPECT_EQ(world.state().active, 1U);
    EXPECT_EQ(world.runs(), first_service);
    EXPECT_TRUE(verify(disk, {}, world.workers).ok());
  }
  MemoryDisk disk;
  World world{disk};
};

TEST(NodeInit, AFolderOfOthersIsLeftAlone) {
  MemoryDisk disk;
  World world(disk);
  disk.create_file("node.key").value();
  const auto before = disk.dump();
  const auto refused = world.init();
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, Code::file_exists);
  EXPECT_EQ(refused.error().where, "node.key");
  EXPECT_EQ(disk.dump(), before);
}

TEST(NodeInit, WhatWasBegunIsNotCalledNothing) {
  MemoryDisk disk;
  World world(disk);
  FaultyDisk faulty(disk, 300, Then::fail);
  World cut(faulty);
  const auto failed = cut.init();
  ASSERT_FALSE(failed.ok());
  EXPECT_NE(failed.error().effect.find("the beginning of one"), std::string::npos);
  EXPECT_TRUE(world.init().ok());
}

TEST_F(NodeAttack, AStoreWithoutItsFoldersGetsThemAgain) {
  for (const auto& folder : disk.list("objects").value()) disk.remove_tree("objects/" + folder).value();
  world.install(second_delivery()).value();
  EXPECT_TRUE(verify(disk, {}, world.workers).ok());
  EXPECT_TRUE(world.fsck().findings.empty());
}

TEST_F(NodeAttack, J01_J02_AFileThatChangesWhileItIsReadIsRefusedOrItsOldBytesCount) {
  const auto& genuine = second_delivery().package;
  auto tampered = genuine;
  for (std::size_t i = 0; i < tampered.size(); i += 64) tampered[i] ^= 1U;
  for (std::uint64_t bytes = 0; bytes < 2 * genuine.size(); bytes += 997) {
    const ChangingFile file(genuine, tampered, bytes);
    const auto installed = install_from(file);
    if (installed.ok()) {
      // Every byte had been read by then; what is kept is what was verified.
      EXPECT_EQ(disk.read_small("generations/2/package.csar", 1 << 20).value(), genuine);
      EXPECT_TRUE(verify(disk, {}, world.workers).ok());
      return;
    }
    EXPECT_EQ(exit_of(installed.error().code), Exit::integrity) << bytes;
    expect_first_one_serves();
  }
  FAIL() << "never accepted: the test tests nothing";
}

TEST_F(NodeAttack, J03_J07_AStoreThatIsDivertedIsRefused) {
  for (const auto* folder : {"objects", "generations", "incoming", "quarantine"}) {
    MemoryDisk diverted;
    diverted.become(disk);
    diverted.divert(folder);
    World there(diverted);
    EXPECT_EQ(there.install(second_delivery()).error().code, Code::store_path_diverted) << folder;
    EXPECT_EQ(there.state().active, 1U);
  }
}

TEST_F(NodeAttack, J08_RenamesAreTriedWhenTheNodeIsMade) {
  MemoryDisk fresh;
  fresh.make_folder("generations").value();
  fresh.divert("generations");
  World there(fresh);
  EXPECT_EQ(there.init().error().code, Code::store_path_diverted);
}

TEST_F(NodeAttack, J09_AFileSystemWithoutLinksIsRefusedAtOnce) {
  using Lacks = MemoryDisk::Lacks;
  for (const auto& [lacks, what] : {std::pair(Lacks::hard_links, "a file system with hard links"),
                                    std::pair(Lacks::symbolic_links, "a file system with symbolic links")}) {
    MemoryDisk fresh;
    fresh.set_lacks(lacks);
    World there(fresh);
    const auto refused = there.init();
    EXPECT_EQ(refused.error().code, Code::not_supported);
    EXPECT_EQ(refused.error().expected, what);
    EXPECT_FALSE(fresh.find("node.json").value());
    fresh.set_lacks(Lacks::nothing);
    EXPECT_TRUE(there.init().ok());
  }
}

TEST_F(NodeAttack, J09_CapabilitiesThatAreNotKeptAreNoticed) {
  disk.set_metadata("generations/1/tree/usr/bin/bind", {0755, 0, 0, {}});
  EXPECT_EQ(verify(disk, {}, world.workers).error().code, Code::generation_damaged);
}

// A vendor's mistake, or its lie: the frames of two contents of one size are exchanged.
TEST_F(NodeAttack, C16_FramesThatHoldAnotherContentAreTheVendorsAffair) {
  auto parts = second_parts();
  parts.files["usr/bin/one"] = {"one of them"};
  parts.files["usr/bin/two"] = {"two of them"};
  std::vector<Frame> frames;
  parts.edit_tree = [&](Tree& tree) {
    for (const auto* content : {"one of them", "two of them"}) {
      const auto digest = file_digest(as_bytes(content));
      for (const auto& object : tree.objects) {
        if (object.digest == digest) frames.push_back(object.frames.at(0));
      }
    }
  };
  parts.edit_members = [&](testkit::Members& members) {
    auto& pack = testkit::member(members, "Artifacts/content.pack").content;
    const auto at = [&](std::size_t frame) {
      return pack.begin() + static_cast<std::ptrdiff_t>(frames.at(frame).offset);
    };
    ASSERT_EQ(frames.at(0).stored_size, frames.at(1).stored_size);
    std::swap_ranges(at(0), at(0) + frames.at(0).stored_size, at(1));
  };
  const auto refused = world.install(deliver(parts, 2));
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, Code::content_digest_mismatch);
  EXPECT_TRUE(refused.error().steps.at(0).starts_with("usr/bin/")) << refused.error().steps.at(0);
  expect_first_one_serves();
}

TEST_F(NodeAttack, J12_WhatReadsBackOtherwiseIsNeverActivated) {
  MemoryDisk counted;
  counted.become(disk);
  FaultyDisk counting(counted, 0, Then::fail);
  World first(counting);
  first.install(second_delivery()).value();
  std::size_t noticed = 0;
  for (std::uint64_t nth = 1; nth <= counting.calls(); ++nth) {
    MemoryDisk lying;
    lying.become(disk);
    FaultyDisk faulty(lying, nth, Then::lie);
    World there(faulty);
    there.services = world.services;
    const auto installed = there.install(second_delivery());
    const auto books = Books::open(lying);
    if (!books.ok()) continue;  // a copy of the floors or a pinned file: noticed by itself
    const auto active = books.value().state().active;
    EXPECT_TRUE(verify_generation(lying, books.value(), active, there.workers).ok()) << nth;
    if (!installed.ok()) ++noticed;
  }
  EXPECT_GE(noticed, 3U);
}

TEST_F(NodeAttack, J14_APackageCannotNameAnythingOutsideOfItsTree) {
  for (const auto* path : {"../policy.json", "/etc/passwd", "usr/../../journal"}) {
    EXPECT_FALSE(RelativePath::parse(path).ok());
  }
  // Names like those of the node's own files are names below its tree and nothing else.
  auto parts = second_parts();
  parts.files["policy.json"] = {"{}", 0644};
  parts.files["journal"] = {"", 0644};
  const auto before = disk.read_small("policy.json", 1 << 20).value();
  world.install(deliver(parts, 2)).value();
  EXPECT_EQ(disk.read_small("policy.json", 1 << 20).value(), before);
  EXPECT_TRUE(Books::open(disk).ok());
}

TEST_F(NodeAttack, J15_NothingOfThePackageRunsBeforeItIsActive) {
  auto parts = second_parts();
  for (const auto* script : {"postinst", "DEBIAN/postinst", "install.sh"})
    parts.files[script] = {"#!/bin/sh\nfalse\n"};
  parts.services.at(0).argv = {"/usr/bin/mme-two"};
  const auto calls = world.services.calls().size();
  world.install(deliver(parts, 2)).value();
  EXPECT_EQ(std::vector(world.services.calls().begin() + static_cast<std::ptrdiff_t>(calls),
                        world.services.calls().end()),
            (std::vector<std::string>{"stop mme", "start mme", "healthy mme"}));
}

TEST_F(NodeAttack, J16_TwoAtOnceIsOneTooMany) {
  const auto held = disk.lock(paths::lock).value();
  EXPECT_EQ(world.install(second_delivery()).error().code, Code::node_busy);
  EXPECT_EQ(world.rollback().error().code, Code::node_busy);
}

TEST_F(NodeAttack, K08_APartialGenerationIsNoGeneration) {
  disk.make_folder("generations/2.partial").value();
  disk.make_folder("generations/2").value();
  EXPECT_EQ(world.fsck().notes.size(), 2U);
  EXPECT_EQ(world.install(second_delivery()).value().generation, 2U);
  EXPECT_TRUE(world.fsck().notes.empty());
  EXPECT_TRUE(verify(disk, {}, world.workers).ok());
}

TEST_F(NodeAttack, K10_AnOlderJournalPutBackIsFound) {
  const auto older = disk.read_small("journal", 1 << 20).value();
  world.install(second_delivery()).value();
  disk.replace_file("journal", older, 0600).value();
  EXPECT_EQ(Books::open(disk).error().code, Code::node_state_damaged);
  EXPECT_EQ(world.install(first_delivery()).error().code, Code::node_state_damaged);
  EXPECT_EQ(world.fsck().findings.at(0).code, Code::node_state_damaged);
}

TEST_F(NodeAttack, K10_ATornLineIsDroppedAndADamagedOneIsNot) {
  disk.append("journal", as_bytes("{\"number\":7,\"at\":\"2026")).value();
  EXPECT_EQ(world.fsck().notes.size(), 1U);
  EXPECT_TRUE(world.fsck().findings.empty());
  EXPECT_TRUE(world.install(second_delivery()).ok());
  disk.corrupt("journal", 100);
  EXPECT_EQ(world.install(deliver(second_parts(), 3)).error().code, Code::node_state_damaged);
}

TEST_F(NodeAttack, K10_OneCopyOfTheFloorsIsEnough) {
  disk.corrupt("state.a", 3);
  EXPECT_EQ(world.fsck().findings.at(0).code, Code::node_state_damaged);
  EXPECT_TRUE(world.install(second_delivery()).ok());
  EXPECT_TRUE(world.fsck().findings.empty());
  disk.corrupt("state.a", 3);
  disk.corrupt("state.b", 3);
  EXPECT_EQ(Books::open(disk).error().code, Code::node_state_damaged);
}

TEST_F(NodeAttack, AChangedPolicyOrIdentityIsRefused) {
  disk.corrupt("policy.json", 10);
  EXPECT_EQ(world.install(second_delivery()).error().code, Code::trust_file_damaged);
  disk.corrupt("policy.json", 10);
  disk.corrupt("node.json", 10);
  EXPECT_EQ(world.install(second_delivery()).error().code, Code::trust_file_damaged);
}

TEST_F(NodeAttack, EveryChangeBelowTheActiveGenerationIsNamed) {
  struct Change {
    std::function<void(MemoryDisk&)> make;
    Code code;
    std::string where;
  };
  const std::string tree = "generations/1/tree/";
  const std::vector<Change> changes{
      {[&](auto& d) { d.corrupt(tree + "usr/bin/mme", 2); }, Code::generation_damaged, tree + "usr/bin/mme"},
      {[&](auto& d) { d.remove(tree + "etc/mme.conf").value(); }, Code::generation_file_missing,
       tree + "etc/mme.conf"},
      {[&](auto& d) { d.create_file(tree + "etc/new").value(); }, Code::generation_file_unlisted,
       tree + "etc/new"},
      {[&](auto& d) { d.make_folder(tree + "new").value(); }, Code::generation_file_unlisted, tree + "new"},
      {[&](auto& d) {
         d.set_metadata(tree + "usr/bin/mme", {04755, 0, 0, {}});
       },
       Code::generation_damaged, tree + "usr/bin/mme"},
      {[&](auto& d) {
         d.set_metadata(tree + "etc", {0777, 0, 0, {}});
       },
       Code::generation_damaged, tree + "etc"},
      {[&](auto& d) {
         d.set_metadata(tree + "etc/mme.conf", {0644, 5, 0, {}});
       },
       Code::generation_damaged, tree + "etc/mme.conf"},
      {[&](auto& d) {
         d.remove(tree + "usr/bin/mmed").value();
         d.make_link("/bin/sh", tree + "usr/bin/mmed").value();
       },
       Code::generation_damaged, tree + "usr/bin/mmed"},
      {[&](auto& d) {
         d.remove(tree + "usr/bin/mme").value();
         d.make_link("/bin/sh", tree + "usr/bin/mme").value();
       },
       Code::generation_damaged, tree + "usr/bin/mme"},
      {[&](auto& d) { d.corrupt("generations/1/tree.json", 5); }, Code::generation_damaged,
       "generations/1/tree.json"},
  };
  for (const auto& change : changes) {
    MemoryDisk changed;
    changed.become(disk);
    change.make(changed);
    const auto verified = verify(changed, {}, world.workers);
    ASSERT_FALSE(verified.ok()) << change.where;
    EXPECT_EQ(name(verified.error().code), name(change.code)) << change.where;
    EXPECT_EQ(verified.error().where, change.where);
    World there(changed);
    EXPECT_FALSE(there.fsck().findings.empty());
  }
}

TEST_F(NodeAttack, AnActiveLinkThatLeadsElsewhereIsRefused) {
  disk.replace_link("../../elsewhere", "active").value();
  EXPECT_EQ(verify(disk, {}, world.workers).error().code, Code::node_state_damaged);
  EXPECT_EQ(world.fsck().findings.at(0).where, "active");
  EXPECT_TRUE(world.install(second_delivery()).ok());
  EXPECT_EQ(disk.read_link("active").value(), "generations/2");
}

}  // namespace
}  // namespace sallyport::node
