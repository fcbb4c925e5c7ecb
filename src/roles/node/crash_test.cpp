// SPDX-License-Identifier: Apache-2.0
// Every changing call of an installation goes wrong in turn, in every way that a disk knows; then the node is
// started again. tests/crash does the same to the real program.
#include <gtest/gtest.h>

#include "adapters/disk/faulty.h"
#include "roles/node/world_for_test.h"

namespace sallyport::node {
namespace {

// What a node was like before the command that goes wrong.
struct Before {
  explicit Before(int generations) {
    World world(disk);
    world.init().value();
    if (generations > 0) world.install(first_delivery()).value();
    if (generations > 1) world.install(second_delivery()).value();
    if (generations > 2) world.install(third_delivery()).value();
    services = world.services;
    active = world.state().active;
  }
  MemoryDisk disk;
  MemoryServices services;
  install::GenerationNumber active;
};

using Command = std::function<void(World&)>;

// One fault in one run of one command.
struct Fault {
  std::uint64_t nth;
  Then then;
  std::uint64_t luck;  // of what was not synced, after a power cut
};

std::string describe(const Fault& fault) {
  return "call " + std::to_string(fault.nth) + ", way " + std::to_string(static_cast<int>(fault.then)) +
         ", luck " + std::to_string(fault.luck);
}

std::size_t times_burnt(Disk& disk, const Sha256Digest& order) {
  std::size_t count = 0;
  const auto books = Books::open(disk).value();
  for (const auto& record : books.journal().records) {
    const auto* begun = std::get_if<install::Begun>(&record.what);
    if (begun != nullptr && begun->origin.order == order) ++count;
  }
  return count;
}

void expect_no_damage(World& world) {
  for (const auto& finding : world.fsck().findings) {
    ADD_FAILURE() << name(finding.code) << " " << finding.where << ": " << finding.expected << " / "
                  << finding.found;
  }
}

// The generation that a reader of the disk would run now, whatever the journal says: it is whole.
install::GenerationNumber visible(Disk& disk, Workers& workers) {
  const auto books = Books::open(disk).value();
  const auto found = look(disk).value();
  if (!found.active) return 0;
  const auto number = std::stoull(found.active->substr(found.active->rfind('/') + 1));
  const auto verified = verify_generation(disk, books, number, workers);
  EXPECT_TRUE(verified.ok()) << number << " " << name(verified.error().code) << verified.error().where;
  return number;
}

class CrashTest : public testing::TestWithParam<Fault> {
 protected:
  // Runs the command with the fault; after it, `world` is the node as it comes up again.
  void strike(const Before& before, const Fault& fault, const Command& command) {
    disk.become(before.disk);
    FaultyDisk faulty(disk, fault.nth, fault.then);
    {
      World struck(faulty);
      struck.services = before.services;
      command(struck);
      world.services = struck.services;
    }
    if (fault.then == Then::crash) {
      disk.crash(fault.luck);
      world.services.power_off();
    }
  }
  static std::uint64_t calls_of(const Before& before, const Command& command) {
    MemoryDisk copy;
    copy.become(before.disk);
    FaultyDisk counting(copy, 0, Then::fail);
    World world(counting);
    world.services = before.services;
    command(world);
    return counting.calls();
  }
  MemoryDisk disk;
  World world{disk};
};

void old_or_new(const Before& before, World& world, const Fault& fault, std::uint64_t target) {
  const auto active = visible(world.disk, world.workers);
  EXPECT_TRUE(active == before.active || active == target) << active;
  if (fault.nth % 5 == 0) expect_no_damage(world);  // costs more than all the rest
  if (testing::Test::HasFailure()) FAIL() << describe(fault);
}

void finish(World& world, const Delivery& delivery, const Fault& fault, std::uint64_t target,
            const char* service) {
  const bool confirmed = world.state().active == target;
  const auto retried = world.install(delivery);
  if (confirmed) {
    EXPECT_EQ(retried.error().code, Code::order_replayed);
  } else {
    EXPECT_TRUE(retried.ok()) << name(retried.error().code) << " " << retried.error().where << " "
                              << retried.error().found;
  }
  EXPECT_EQ(world.state().active, target);
  // After a power cut the services of a confirmed generation are for whoever starts the machine.
  if (!confirmed || fault.then != Then::crash) {
    EXPECT_EQ(world.runs(), service);
  }
  const auto report = world.fsck();
  EXPECT_TRUE(report.notes.empty() && report.findings.empty());
  const auto order = world.state().find(target)->origin.order;
  EXPECT_EQ(times_burnt(world.disk, order), 1U);
  if (testing::Test::HasFailure()) FAIL() << describe(fault);
}

class InstallCrash : public CrashTest {
 protected:
  void everywhere(const Before& before, const Delivery& delivery, std::uint64_t target, const char* service) {
    const Command command = [&](World& struck) { (void)struck.install(delivery).ok(); };
    const auto calls = calls_of(before, command);
    ASSERT_GT(calls, 40U);
    for (std::uint64_t nth = GetParam().nth; nth <= calls; nth += 2) {
      const Fault fault{nth, GetParam().then, GetParam().luck == 0 ? 0 : GetParam().luck + nth};
      strike(before, fault, command);
      old_or_new(before, world, fault, target);
      finish(world, delivery, fault, target, service);
      if (HasFatalFailure()) return;
    }
  }
};

TEST_P(InstallCrash, K01_K03_TheFirstInstallation) {
  everywhere(Before(0), first_delivery(), 1, first_service);
}

TEST_P(InstallCrash, K01_K03_AnUpgrade) {
  everywhere(Before(1), second_delivery(), 2, second_service);
}

TEST_P(InstallCrash, K01_K03_ASecondUpgradeThatCollects) {
  everywhere(Before(2), third_delivery(), 3, third_service);
  EXPECT_EQ(world.state().find(1)->storage, install::Storage::gone);
  EXPECT_FALSE(disk.find("generations/1/tree").value());
}

TEST_P(InstallCrash, K09_AFailingHealthCheck) {
  const Before before(1);
  const Command command = [&](World& struck) {
    struck.services.never_healthy.insert(second_service);
    EXPECT_FALSE(struck.install(second_delivery()).ok());
  };
  const auto calls = calls_of(before, command);
  for (std::uint64_t nth = GetParam().nth; nth <= calls; nth += 2) {
    const Fault fault{nth, GetParam().then, GetParam().luck};
    strike(before, fault, command);
    old_or_new(before, world, fault, 2);
    // Whatever was cut short: the next command leaves the old one active and running.
    world.services.never_healthy.insert(second_service);
    EXPECT_FALSE(world.install(second_delivery()).ok());
    EXPECT_EQ(world.state().active, 1U);
    if (fault.then != Then::crash) {
      EXPECT_EQ(world.runs(), first_service);
    }
    expect_no_damage(world);
    EXPECT_TRUE(world.fsck().notes.empty()) << world.fsck().notes.front();
    if (HasFailure()) FAIL() << describe(fault);
  }
}

TEST_P(InstallCrash, ARollback) {
  const Before before(2);
  const Command command = [&](World& struck) { (void)struck.rollback().ok(); };
  const auto calls = calls_of(before, command);
  for (std::uint64_t nth = GetParam().nth; nth <= calls; nth += 2) {
    const Fault fault{nth, GetParam().then, GetParam().luck};
    strike(before, fault, command);
    old_or_new(before, world, fault, 1);
    const bool confirmed = world.state().active == 1;
    if (!confirmed) world.rollback().value();
    EXPECT_EQ(world.state().active, 1U);
    if (!confirmed || fault.then != Then::crash) {
      EXPECT_EQ(world.runs(), first_service);
    }
    expect_no_damage(world);
    if (HasFailure()) FAIL() << describe(fault);
  }
}

TEST_P(InstallCrash, AnInitialisation) {
  const Command command = [](World& struck) { (void)struck.init().ok(); };
  for (std::uint64_t nth = GetParam().nth;; nth += 2) {
    MemoryDisk empty;
    FaultyDisk faulty(empty, nth, GetParam().then);
    World struck(faulty);
    command(struck);
    if (!faulty.struck()) break;
    if (GetParam().then == Then::crash) empty.crash(GetParam().luck);
    World again(empty);
    const auto made = again.init();
    EXPECT_TRUE(made.ok() || made.error().code == Code::node_already_initialised)
        << nth << " " << name(made.error().code) << " " << made.error().where;
    EXPECT_TRUE(Books::open(empty).ok()) << nth;
    if (HasFailure()) FAIL() << nth;
  }
}

// Odd and even calls apart, so that they can run side by side.
INSTANTIATE_TEST_SUITE_P(EveryCall, InstallCrash,
                         testing::Values(Fault{1, Then::fail, 0}, Fault{2, Then::fail, 0},
                                         Fault{1, Then::fail_but_persist, 0},
                                         Fault{2, Then::fail_but_persist, 0}, Fault{1, Then::crash, 0},
                                         Fault{2, Then::crash, 0}, Fault{1, Then::crash, 77}));

TEST(InstallFull, J10_EveryAmountOfRoomLeavesOldOrNew) {
  const Before before(1);
  for (std::uint64_t room = 0; room < 40000; room += 613) {
    MemoryDisk disk;
    disk.become(before.disk);
    World world(disk);
    world.services = before.services;
    disk.set_bytes_free(room);
    const auto installed = world.install(second_delivery());
    if (installed.ok()) break;
    EXPECT_EQ(installed.error().code, Code::disk_full) << room;
    disk.set_bytes_free(1ULL << 30U);
    EXPECT_EQ(world.runs(), world.state().active == 2 ? second_service : first_service)
        << installed.error().where << ": " << installed.error().effect;
    expect_no_damage(world);
    finish(world, second_delivery(), {room, Then::fail, 0}, 2, second_service);
    if (testing::Test::HasFailure()) FAIL() << room;
  }
}

}  // namespace
}  // namespace sallyport::node
