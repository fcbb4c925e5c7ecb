// SPDX-License-Identifier: Apache-2.0
// The client between its ports: what is kept when a disk or a server fails at any step.
#include "roles/node/tuf_client.h"

#include <gtest/gtest.h>

#include "adapters/disk/faulty.h"
#include "adapters/disk/memory.h"
#include "adapters/http/faulty.h"
#include "adapters/http/memory.h"
#include "core/trust/tuf/repository_for_test.h"

namespace sallyport::node {
namespace {

const std::string base = "http://repository/";

struct World {
  tuf::RepositoryForTest repo;
  MemoryFetcher fetcher;
  MemoryDisk disk;

  World() {
    publish();
    EXPECT_TRUE(TufClient::pin(disk, "", as_bytes(repo.root_file())).ok());
    EXPECT_TRUE(refresh(disk, fetcher).ok());
  }
  void put(const std::string& name, const std::string& content) {
    fetcher.files[base + name] = copy(as_bytes(content));
  }
  void publish() {
    put("m/" + std::to_string(repo.root.version) + ".root.json", repo.root_file());
    put("m/" + std::to_string(repo.targets.version) + ".targets.json", repo.targets_file());
    put("m/" + std::to_string(repo.snapshot_version) + ".snapshot.json", repo.snapshot_file());
    put("m/timestamp.json", repo.timestamp_file());
  }
  void next() {
    ++repo.root.version;
    ++repo.targets.version;
    ++repo.snapshot_version;
    ++repo.timestamp_version;
    publish();
  }
  Result<TufClient> refresh(Disk& on, Fetcher& by) const {
    return TufClient::refresh({on, "", by, base + "m", base + "t"}, repo.now);
  }
  std::string kept(const std::string& name) {
    return std::string(as_text(disk.read_small(name, 1U << 20U).value()));
  }
};

TEST(TufClient, KeepsWhatWasServed) {
  World world;
  world.next();
  ASSERT_TRUE(world.refresh(world.disk, world.fetcher).ok());
  EXPECT_EQ(world.kept("root.json"), world.repo.root_file());
  EXPECT_EQ(world.kept("timestamp.json"), world.repo.timestamp_file());
  EXPECT_EQ(world.kept("snapshot.json"), world.repo.snapshot_file());
  EXPECT_EQ(world.kept("targets.json"), world.repo.targets_file());
}

TEST(TufClient, F19_NextRefreshFinishesWhatAPowerCutStopped) {
  for (std::uint64_t nth = 1; nth < 200; ++nth) {
    World world;
    const auto old_timestamp = world.fetcher.files.at(base + "m/timestamp.json");
    world.next();
    FaultyDisk faulty(world.disk, nth, Then::crash);
    const bool done = world.refresh(faulty, world.fetcher).ok();
    world.disk.crash(nth);
    if (done) {
      EXPECT_GT(nth, 10U);
      return;
    }
    // Whatever is left was trusted once: the old state may not come back behind a new one that was kept.
    const bool new_kept = world.disk.find("timestamp.json").value().has_value() &&
                          world.kept("timestamp.json") == world.repo.timestamp_file();
    const auto current = world.fetcher.files.at(base + "m/timestamp.json");
    world.fetcher.files[base + "m/timestamp.json"] = old_timestamp;
    const auto back = world.refresh(world.disk, world.fetcher);
    if (new_kept) {
      EXPECT_EQ(back.error().code, Code::tuf_rollback) << nth;
    }
    world.fetcher.files[base + "m/timestamp.json"] = current;
    ASSERT_TRUE(world.refresh(world.disk, world.fetcher).ok()) << nth;
    EXPECT_EQ(world.kept("targets.json"), world.repo.targets_file());
  }
  FAIL() << "the refresh never ended";
}

TEST(TufClient, F06_HalfAFileIsNeverKept) {
  for (const auto then : {Fetched::nothing, Fetched::half, Fetched::half_and_says_all}) {
    for (std::uint64_t nth = 1; nth <= 5; ++nth) {
      World world;
      world.next();
      FaultyFetcher faulty(world.fetcher, nth, then);
      // The second fetch asks for a root that is not there: half of nothing is nothing.
      const bool harmless = nth == 2 && then != Fetched::nothing;
      EXPECT_EQ(world.refresh(world.disk, faulty).ok(), harmless) << nth;
      ASSERT_TRUE(world.refresh(world.disk, world.fetcher).ok()) << nth;
      EXPECT_EQ(world.kept("targets.json"), world.repo.targets_file());
    }
  }
}

TEST(TufClient, I05_DownloadGoesOnWhereItBrokeOff) {
  World world;
  const Bytes content(100000, 7);
  const auto digest = sha256(content);
  world.repo.targets.files.emplace("file", tuf::FileDraft{content.size(), digest});
  world.next();
  world.fetcher.files[base + "t/" + digest.text() + ".file"] = content;
  FaultyFetcher faulty(world.fetcher, 6, Fetched::half);
  auto client = world.refresh(world.disk, faulty).value();
  const auto file = client.find("file").value();
  EXPECT_EQ(client.download("file", file, world.disk, "here").value(), TufClient::Fetched::fetched);
  EXPECT_EQ(world.disk.read_small("here", 1U << 20U).value(), content);
  EXPECT_EQ(client.download("file", file, world.disk, "here").value(), TufClient::Fetched::was_there);
  world.disk.corrupt("here", 5);
  EXPECT_EQ(client.download("file", file, world.disk, "here").value(), TufClient::Fetched::fetched);
}

}  // namespace
}  // namespace sallyport::node
