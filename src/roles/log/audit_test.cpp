// SPDX-License-Identifier: Apache-2.0
#include "roles/log/audit.h"

#include "adapters/disk/memory.h"
#include "roles/log/keep.h"
#include "testkit/signer.h"
#include "testkit/tlog.h"

namespace sallyport::keeper {
namespace {

// A log of the given size, and what a web server serves of it.
struct World {
  explicit World(std::uint64_t size) : World(size, [](std::uint64_t i) { return tlog::numbered_entry(i); }) {}
  World(std::uint64_t size, const std::function<tlog::Entry(std::uint64_t)>& entry) {
    EXPECT_TRUE(create(disk, tlog::test_log().name, signer).ok());
    std::vector<tlog::Entry> entries;
    for (std::uint64_t i = 0; i < size; ++i) entries.push_back(entry(i));
    EXPECT_TRUE(append(disk, entries, signer).ok());
  }
  Result<AuditReport> audit(const AuditRequest& request = {}) {
    return keeper::audit(
        [this](const std::string& path, std::uint64_t size_max) {
          return disk.read_small("public/" + path, size_max);
        },
        policy, request, testkit::test_time());
  }
  std::string checkpoint() { return Store::open(disk).value().checkpoint(); }
  void replace(const std::string& path, BytesView content) {
    EXPECT_TRUE(disk.replace_file("public/" + path, content, 0644).ok());
  }

  MemoryDisk disk;
  testkit::TestSigner signer{tlog::test_log().name};
  tlog::LogPolicy policy =
      tlog::parse_log_policy("log " + tlog::test_log().public_key.text() + "\nquorum none\n").value();
};

TEST(LogAudit, EverySizeAddsUp) {
  for (const std::uint64_t size : {0U, 1U, 2U, 255U, 256U, 257U, 700U, 1024U}) {
    World w(size);
    const auto report = w.audit().value();
    EXPECT_EQ(report.checkpoint.checkpoint.head.size, size);
    EXPECT_EQ(
        report.counts.contains(tlog::EntryKind::package) ? report.counts.at(tlog::EntryKind::package) : 0,
        size);
    EXPECT_TRUE(report.entries.empty());
  }
}

TEST(LogAudit, TellsWhatIsAskedFor) {
  const auto digest = [](const char* text) { return sha256(as_bytes(text)); };
  const std::vector<tlog::Entry> all{
      tlog::package_entry(digest("package")),
      {tlog::EntryKind::verdict, digest("verdict"), digest("v"), digest("package"), {}, digest("policy")},
      {tlog::EntryKind::order, digest("order"), digest("o"), digest("package"), digest("verdict"),
       digest("policy")},
      {tlog::EntryKind::stop, digest("stop"), digest("s"), digest("package"), {}, {}, digest("order")},
      tlog::package_entry(digest("other"))};
  World w(all.size(), [&](std::uint64_t i) { return all[i]; });
  const auto told = [&](const EntryFilter& filter) {
    std::vector<std::uint64_t> indices;
    for (const auto& found : w.audit({{}, filter}).value().entries) indices.push_back(found.index);
    return indices;
  };
  EXPECT_EQ(told({}), (std::vector<std::uint64_t>{0, 1, 2, 3, 4}));
  EXPECT_EQ(told({tlog::EntryKind::package, {}}), (std::vector<std::uint64_t>{0, 4}));
  EXPECT_EQ(told({{}, digest("package")}), (std::vector<std::uint64_t>{0, 1, 2, 3}));
  EXPECT_EQ(told({{}, digest("order")}), (std::vector<std::uint64_t>{2, 3}));
  EXPECT_EQ(told({tlog::EntryKind::stop, digest("order")}), (std::vector<std::uint64_t>{3}));
  EXPECT_EQ(told({{}, digest("o")}), (std::vector<std::uint64_t>{2}));
  EXPECT_EQ(told({{}, digest("nobody")}), std::vector<std::uint64_t>{});
}

// N01: whatever bit of whatever file is another one, the copy is not the log.
TEST(LogAuditAttack, N01_EveryFileCounts) {
  World w(600);
  for (const auto* path : {"tile/0/000", "tile/0/001", "tile/0/002.p/88", "tile/1/000.p/2",
                           "tile/entries/000", "tile/entries/001", "tile/entries/002.p/88", "checkpoint"}) {
    const auto good = w.disk.read_small(std::string("public/") + path, 1U << 20U).value();
    for (const auto offset : {std::size_t{0}, good.size() / 2, good.size() - 1}) {
      auto bad = good;
      bad[offset] ^= 1U;
      w.replace(path, bad);
      EXPECT_FALSE(w.audit().ok()) << path << " " << offset;
    }
    w.replace(path, BytesView(good).subspan(0, good.size() - 1));
    EXPECT_FALSE(w.audit().ok()) << path;
    EXPECT_TRUE(w.disk.remove(std::string("public/") + path).ok());
    EXPECT_FALSE(w.audit().ok()) << path;
    w.replace(path, good);
    ASSERT_TRUE(w.audit().ok()) << path;
  }
}

// Every file of the tree that was signed is named when it is not there, or is larger than it may be; no other one is.
TEST(LogAuditAttack, N01_AMissingFileIsDamageAndNamed) {
  World w(600);
  for (const std::string path : {"tile/0/000", "tile/0/001", "tile/0/002.p/88", "tile/1/000.p/2",
                                 "tile/entries/000", "tile/entries/001", "tile/entries/002.p/88"}) {
    const auto good = w.disk.read_small("public/" + path, 1U << 20U).value();
    ASSERT_TRUE(w.disk.remove("public/" + path).ok());
    const auto missing = w.audit().error();
    EXPECT_EQ(missing.code, Code::log_damaged) << path;
    EXPECT_EQ(missing.where, path);
    EXPECT_EQ(missing.found, "none");
    w.replace(path, Bytes(tlog::bundle_size_max + 1));
    const auto large = w.audit().error();
    EXPECT_EQ(large.code, Code::log_damaged) << path;
    EXPECT_EQ(large.where, path);
    w.replace(path, good);
  }
  EXPECT_TRUE(w.audit().ok());
  ASSERT_TRUE(w.disk.remove("public/checkpoint").ok());
  EXPECT_EQ(w.audit().error().code, Code::file_missing);  // no log at all
}

// What could not be found out is no damage, and what a server says is the server's.
TEST(LogAudit, FaultsStayFaults) {
  World w(3);
  for (const auto code : {Code::io_failed, Code::permission_missing, Code::server_file_missing}) {
    const ReadPublished read = [&](const std::string& path, std::uint64_t size_max) -> Result<Bytes> {
      if (path == "checkpoint") return w.disk.read_small("public/" + path, size_max);
      return Error(code, path, "a file", "none");
    };
    EXPECT_EQ(audit(read, w.policy, {}, testkit::test_time()).error().code, code);
  }
}

// Entries and leaves that fit each other, but not the hash that was signed.
TEST(LogAuditAttack, N01_AnotherTreeUnderTheSameCheckpoint) {
  World w(300);
  World other(300, [](std::uint64_t i) { return tlog::numbered_entry(i == 7 ? 1000 : i); });
  other.replace("checkpoint", as_bytes(w.checkpoint()));
  EXPECT_EQ(other.audit().error().code, Code::log_damaged);
}

TEST(LogAuditAttack, N02_N03_AgainstAnEarlierCheckpoint) {
  for (const std::uint64_t size : {1U, 255U, 256U, 300U, 512U}) {
    World earlier(size);
    World w(600);
    EXPECT_TRUE(w.audit({earlier.checkpoint(), {}}).ok()) << size;
    EXPECT_EQ(earlier.audit({w.checkpoint(), {}}).error().code, Code::log_shrunk) << size;
    World fork(600, [](std::uint64_t i) { return tlog::numbered_entry(i == 0 ? 1000 : i); });
    EXPECT_EQ(fork.audit({earlier.checkpoint(), {}}).error().code, Code::log_forked) << size;
  }
  World w(3);
  EXPECT_EQ(w.audit({"nothing", {}}).error().code, Code::note_malformed);
  const tlog::Party stranger("stranger.example", tlog::KeyUse::note);
  const auto others = tlog::print_checkpoint({stranger.name, {0, tlog::empty_root()}});
  EXPECT_EQ(w.audit({tlog::print_note({others, {stranger.sign(others)}}), {}}).error().code,
            Code::log_unknown);
  const auto own = tlog::print_checkpoint({tlog::test_log().name, {0, tlog::empty_root()}});
  EXPECT_EQ(w.audit({tlog::print_note({own, {stranger.sign(own)}}), {}}).error().code,
            Code::log_signature_invalid);
}

TEST(LogAuditAttack, ThePolicyDecidesWhoIsBelieved) {
  World w(3);
  w.policy = tlog::test_log_policy(1);
  EXPECT_EQ(w.audit().error().code, Code::witnesses_missing);
}

}  // namespace
}  // namespace sallyport::keeper
