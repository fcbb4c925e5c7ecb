// SPDX-License-Identifier: Apache-2.0
// What a rehearsal does to a disk that is not empty: nothing, whatever was done to it above.
#include "adapters/disk/rehearsal.h"

#include <gtest/gtest.h>

namespace sallyport {
namespace {

class Rehearsal : public testing::Test {
 protected:
  Rehearsal() {
    auto below = std::make_unique<MemoryDisk>();
    real = below.get();
    real->make_folder("f").value();
    real->make_folder("f/g").value();
    for (const auto* path : {"a", "f/b", "f/g/c"}) {
      real->append(path, as_bytes(path)).value();
    }
    real->make_link("f/g", "active").value();
    before = real->dump();
    disk = std::make_unique<RehearsalDisk>(std::move(below));
  }
  std::string text(const std::string& path) {
    return std::string(as_text(disk->read_small(path, 1000).value()));
  }

  MemoryDisk* real = nullptr;
  std::unique_ptr<Disk> disk;
  std::map<std::string, std::string> before;
};

TEST_F(Rehearsal, WhatIsThereIsRead) {
  EXPECT_EQ(text("f/g/c"), "f/g/c");
  EXPECT_EQ(disk->read_link("active").value(), "f/g");
  EXPECT_EQ(disk->list("").value(), (std::vector<std::string>{"a", "active", "f"}));
  EXPECT_EQ(disk->create_file("a").error().code, Code::file_exists);
  EXPECT_EQ(disk->make_folder("f").error().code, Code::file_exists);
}

TEST_F(Rehearsal, WhatIsDoneIsSeenAboveAndNothingOfItBelow) {
  disk->append("a", as_bytes("+")).value();
  disk->truncate("f/b", 1).value();
  disk->rename("f/g/c", "f/d").value();
  disk->replace_link("f", "active").value();
  disk->replace_file("f/new", as_bytes("new"), 0644).value();
  disk->link("f/new", "f/again").value();
  disk->seal_folder("f", {0711, 1, 1, {}}).value();
  EXPECT_EQ(text("a"), "a+");
  EXPECT_EQ(text("f/b"), "f");
  EXPECT_EQ(text("f/d"), "f/g/c");
  EXPECT_EQ(disk->open("f/g/c").error().code, Code::file_missing);
  EXPECT_EQ(disk->read_link("active").value(), "f");
  EXPECT_EQ(disk->list("f").value(), (std::vector<std::string>{"again", "b", "d", "g", "new"}));
  EXPECT_EQ(disk->find("f").value()->mode, 0711U);
  EXPECT_EQ(real->dump(), before);
}

TEST_F(Rehearsal, WhatWasTakenAwayStaysAwayWithAllThatWasInIt) {
  disk->remove_tree("f").value();
  EXPECT_FALSE(disk->find("f/g/c").value().has_value());
  EXPECT_EQ(disk->list("f").error().code, Code::file_missing);
  EXPECT_EQ(disk->append("f/x", as_bytes("x")).error().code, Code::file_missing);
  disk->make_folder("f").value();
  EXPECT_EQ(disk->list("f").value(), std::vector<std::string>{});
  disk->remove("a").value();
  EXPECT_EQ(disk->open("a").error().code, Code::file_missing);
  disk->append("a", as_bytes("other")).value();
  EXPECT_EQ(text("a"), "other");
  EXPECT_EQ(real->dump(), before);
}

TEST_F(Rehearsal, ALockThatSomebodyHoldsIsHeldAndNoneIsMade) {
  disk->lock("lock").value().reset();
  EXPECT_FALSE(real->find("lock").value().has_value());
  real->append("lock", {}).value();
  const auto theirs = real->lock("lock").value();
  EXPECT_EQ(disk->lock("lock").error().code, Code::node_busy);
}

TEST_F(Rehearsal, OfALargeFileTheBeginningIsKept) {
  const auto writer = disk->create_file("large").value();
  const Bytes part(16U << 20U, 7);
  for (int i = 0; i < 5; ++i) writer->write(part).value();
  EXPECT_EQ(disk->find("large").value()->size, 64U << 20U);
  real->append("too-large", Bytes((64U << 20U) + 1, 7)).value();
  EXPECT_EQ(disk->append("too-large", part).error().code, Code::not_supported);
  EXPECT_TRUE(disk->open("too-large").ok());
  EXPECT_TRUE(disk->remove("too-large").ok());
}

}  // namespace
}  // namespace sallyport
