// SPDX-License-Identifier: Apache-2.0
// Who looks at a node takes no lock. Whatever happens between two of its looks, it never takes a change that is going
// on, or is just over, for damage.
#include <gtest/gtest.h>

#include <functional>

#include "adapters/disk/faulty.h"
#include "roles/node/world_for_test.h"

namespace sallyport::node {
namespace {

// At the 256 folders of objects, for one.
constexpr std::uint64_t most_looks_are_alike = 11;

// Before the n-th look at the disk, something happens to it.
class WatchedDisk final : public FaultyDisk {
 public:
  WatchedDisk(Disk& inner, std::uint64_t nth, std::function<void()> happens)
      : FaultyDisk(inner, 0, Then::fail), nth_(nth), happens_(std::move(happens)) {}
  std::uint64_t looks() const { return looks_; }

  Result<std::optional<FileStatus>> find(const std::string& path) override {
    look();
    return FaultyDisk::find(path);
  }
  Result<std::vector<std::string>> list(const std::string& path) override {
    look();
    return FaultyDisk::list(path);
  }
  Result<std::string> read_link(const std::string& path) override {
    look();
    return FaultyDisk::read_link(path);
  }
  Result<std::unique_ptr<StoredFile>> open(const std::string& path) override {
    look();
    return FaultyDisk::open(path);
  }

 private:
  void look() {
    if (++looks_ == nth_) happens_();
  }
  std::uint64_t nth_;
  std::uint64_t looks_ = 0;
  std::function<void()> happens_;
};

class BesideAChange : public testing::Test {
 protected:
  BesideAChange() {
    World world(before);
    world.init().value();
    world.install(first_delivery()).value();
    world.install(second_delivery()).value();
  }

  // `looked` at a node of two generations, while `change` comes before each of its looks in turn.
  void at_each_look(const std::function<void(World&)>& change, const std::function<void(Disk&)>& looked,
                    std::uint64_t step = 1) {
    for (std::uint64_t nth = 1;; nth += step) {
      SCOPED_TRACE(nth);
      MemoryDisk disk;
      disk.become(before);
      World world(disk);
      WatchedDisk watched(disk, nth, [&] { change(world); });
      looked(watched);
      if (watched.looks() < nth || HasFailure()) return;
    }
  }

  MemoryDisk before;
  InlineWorkers workers;
};

const auto verifies = [](Disk& disk) {
  InlineWorkers workers;
  const auto report = verify(disk, {}, workers);
  EXPECT_TRUE(report.ok()) << report.error().where << ": " << report.error().found;
};

const auto is_clean = [](Disk& disk) {
  World world(disk);
  const auto report = world.fsck();
  EXPECT_TRUE(report.findings.empty())
      << report.findings.front().where << ": " << report.findings.front().found;
};

TEST_F(BesideAChange, AVerificationBesideARollbackFindsNoDamage) {
  at_each_look([](World& world) { world.rollback().value(); }, verifies);
}

TEST_F(BesideAChange, AVerificationBesideAnInstallationFindsNoDamage) {
  at_each_look([](World& world) { world.install(third_delivery()).value(); }, verifies);
}

TEST_F(BesideAChange, ACheckBesideARollbackFindsNoDamage) {
  at_each_look([](World& world) { world.rollback().value(); }, is_clean, most_looks_are_alike);
}

// The installation collects the first generation, too.
TEST_F(BesideAChange, ACheckBesideAnInstallationFindsNoDamage) {
  at_each_look([](World& world) { world.install(third_delivery()).value(); }, is_clean, most_looks_are_alike);
}

TEST_F(BesideAChange, DamageIsFoundAllTheSame) {
  before.corrupt("generations/2/tree/usr/bin/mme-two", 0);
  const auto is_found = [](Disk& disk) {
    World world(disk);
    EXPECT_FALSE(world.fsck().findings.empty());
  };
  at_each_look([](World& world) { world.rollback().value(); }, is_found, most_looks_are_alike);
}

}  // namespace
}  // namespace sallyport::node
