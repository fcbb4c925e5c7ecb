// SPDX-License-Identifier: Apache-2.0
// What each step on the way of a package takes of memory: 64 MiB and the tree, however large the package and its files
// are. On sixteen lanes, which is more than most machines that do this have.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "adapters/disk/file_source.h"
#include "adapters/disk/output_file.h"
#include "adapters/disk/posix.h"
#include "adapters/disk/scratch_file.h"
#include "adapters/host/allocator.h"
#include "adapters/host/workers.h"
#include "adapters/scanner/memory.h"
#include "adapters/signer/open.h"
#include "adapters/tree_source/folder.h"
#include "core/format/statement.h"
#include "roles/node/world_for_test.h"
#include "roles/operator/intake.h"
#include "roles/vendor/build.h"
#include "roles/vendor/sign.h"
#include "testkit/code_signer.h"
#include "testkit/signer.h"

namespace sallyport {
namespace {

namespace fs = std::filesystem;
using namespace testkit;

constexpr std::uint64_t mib = 1ULL << 20U;
// A tree in memory, and while it is parsed, is several times its text.
constexpr std::uint64_t tree_factor = 6;

// The most that the process has held since the last call, without the pages of its programs and libraries.
std::uint64_t peak_since_last_call() {
  std::uint64_t peak_kib = 0;
  std::uint64_t file_kib = 0;
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    if (word == "VmHWM:") status >> peak_kib;
    if (word == "RssFile:") status >> file_kib;
  }
  std::ofstream("/proc/self/clear_refs") << "5";
  return (peak_kib - file_kib) * 1024;
}

// An engine that takes any size: it looks at the beginning of a content and lets the rest go by.
class StreamingScanner final : public Scanner {
 public:
  Result<EngineInfo> info() override { return inner_.info(); }
  Result<std::unique_ptr<Scan>> begin() override {
    return std::unique_ptr<Scan>(std::make_unique<Job>(TRY(inner_.begin())));
  }

 private:
  class Job final : public Scan {
   public:
    explicit Job(std::unique_ptr<Scan> inner) : inner_(std::move(inner)) {}
    Result<void> feed(BytesView part) override {
      const auto looked_at = part.first(std::min(part.size(), rest_));
      rest_ -= looked_at.size();
      return looked_at.empty() ? Result<void>() : inner_->feed(looked_at);
    }
    Result<ScanAnswer> finish() override { return inner_->finish(); }

   private:
    std::unique_ptr<Scan> inner_;
    std::size_t rest_ = 1U << 16U;
  };
  MemoryScanner inner_{{"memory", "Memory 1", "7", test_time().plus(-3600)}};
};

class Memory : public testing::Test {
 public:
  static void SetUpTestSuite() { share_arenas(); }
  Memory() {
    std::string name = "/var/tmp/sallyport-memory-XXXXXX";
    CHECK(::mkdtemp(name.data()) != nullptr);
    top_ = name;
    fs::create_directories(path("in"));
    fs::create_directories(path("node"));
  }
  ~Memory() override { fs::remove_all(top_); }

  std::string path(const std::string& name) const { return (top_ / name).string(); }

  // Bytes that do not compress.
  void noise(const std::string& name, std::size_t size) {
    std::ofstream file(path("in/" + name), std::ios::binary);
    for (std::size_t i = 0; i < size; i += sizeof state_) {
      state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL;
      const auto value = state_ ^ (state_ >> 29U);
      file.write(reinterpret_cast<const char*>(&value), sizeof value);
    }
  }

  void make_input() {
    for (int i = 0; i < 2000; ++i) noise("small-" + std::to_string(i), 6000);
    for (int i = 0; i < 25; ++i) noise("middle-" + std::to_string(i), 4000000);
    noise("large", 100 * mib);
    std::ofstream(path("in/sparse")) << "begin";
    fs::resize_file(path("in/sparse"), 300 * mib);
  }

  void build() {
    const auto source = FolderTreeSource::at(path("in")).value();
    const auto scratch = ScratchFile::beside(path("mme.csar")).value();
    const auto output = OutputFile::create(path("mme.csar"), Readers::by_umask).value();
    const vendor::BuildRequest request{
        "mme", "1.0", ProductId::parse("mme").value(), "Acme", 1, "any", {}, {}, {}, 3};
    ASSERT_TRUE(vendor::build(request, *source, *scratch, *output, workers_).ok() && output->commit().ok());
  }

  void sign() {
    const auto file = FileSource::open(path("mme.csar")).value();
    std::ofstream(path("key.pem")) << acme().private_pem();
    fs::permissions(path("key.pem"), fs::perms::owner_read);
    const auto signer = open_signer("file:" + path("key.pem")).value();
    const auto chain = Certificate::chain_from_pem(acme().certificate_pem()).value();
    const auto output = OutputFile::create_replacement(path("mme.csar"), Readers::by_umask).value();
    ASSERT_TRUE(vendor::sign(*file, *signer, chain, test_time(), *output, workers_).ok());
    ASSERT_TRUE(output->commit_replacing().ok());
  }

  void verify() {
    const auto file = FileSource::open(path("mme.csar")).value();
    const auto package = trust::package(*file, policy_, test_time(), workers_);
    ASSERT_TRUE(package.ok());
    tree_size_ = (*package.value()).tree_bytes.size();
  }

  void intake() {
    const auto file = FileSource::open(path("mme.csar")).value();
    StreamingScanner scanner;
    TestSigner signer("intake-1");
    const auto report =
        intake::submit({*file, "mme.csar", policy_, test_time()}, {scanner, signer, workers_});
    ASSERT_TRUE(report.ok()) << report.error().where << report.error().found;
    verdict_ = copy(as_bytes(report.value().envelope));
    const auto order = make_order(policy_, report.value().verdict);
    order_ = sign_statement(print_order(order), {"alice-1", "bob-1", "carol-1"});
  }

  void install() {
    const auto disk = PosixDisk::at(path("node")).value();
    node::World world(*disk);
    ASSERT_TRUE(world.init().ok());
    const auto file = FileSource::open(path("mme.csar")).value();
    const node::Ports ports{*disk, world.services, workers_, path("node"), "x86_64", test_time()};
    const auto report = node::install(ports, {*file, verdict_, order_}, world.account);
    ASSERT_TRUE(report.ok()) << report.error().where << report.error().found;
    EXPECT_EQ(report.value().files_written, 2027U);
    ASSERT_TRUE(node::verify(*disk, {}, workers_).ok());
  }

  void expect_within_bound(const char* step) const {
    const auto peak = peak_since_last_call();
    RecordProperty(step, std::to_string(peak / mib) + " MiB");
    EXPECT_LT(peak, 64 * mib + tree_factor * tree_size_) << step;
  }

  Policy policy_ = make_policy(acme().anchor_pem());
  ThreadWorkers workers_{16};
  fs::path top_;
  Bytes verdict_;
  Bytes order_;
  std::uint64_t tree_size_ = 0;
  std::uint64_t state_ = 1;
};

TEST_F(Memory, EveryStepStaysWithin64MibAndTheTree) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "sanitizers take memory of their own";
#endif
  make_input();
  static_cast<void>(peak_since_last_call());
  const std::pair<const char*, void (Memory::*)()> steps[] = {{"build", &Memory::build},
                                                              {"sign", &Memory::sign},
                                                              {"verify", &Memory::verify},
                                                              {"intake", &Memory::intake},
                                                              {"install", &Memory::install}};
  for (const auto& [name, step] : steps) {
    (this->*step)();
    ASSERT_FALSE(HasFatalFailure());
    expect_within_bound(name);
  }
}

}  // namespace
}  // namespace sallyport
