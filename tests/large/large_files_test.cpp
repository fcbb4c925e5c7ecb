// SPDX-License-Identifier: Apache-2.0
// Files beyond 2^31 and 2^32 bytes, from the input to the verified package. Sparse on the way in, and zeros pack well:
// it costs time, not room.
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "adapters/disk/file_source.h"
#include "adapters/disk/output_file.h"
#include "adapters/disk/scratch_file.h"
#include "adapters/host/workers.h"
#include "adapters/signer/open.h"
#include "adapters/tree_source/folder.h"
#include "core/format/content.h"
#include "core/trust/package.h"
#include "roles/vendor/build.h"
#include "roles/vendor/sign.h"
#include "testkit/code_signer.h"
#include "testkit/statements.h"

namespace sallyport {
namespace {

namespace fs = std::filesystem;
using namespace testkit;

constexpr std::uint64_t two_gib = 1ULL << 31U;
constexpr std::uint64_t four_gib = 1ULL << 32U;

class LargeFiles : public testing::Test {
 protected:
  LargeFiles() {
    std::string name = "/var/tmp/sallyport-large-XXXXXX";
    CHECK(::mkdtemp(name.data()) != nullptr);
    top_ = name;
  }
  ~LargeFiles() override { fs::remove_all(top_); }

  std::string path(const std::string& name) const { return (top_ / name).string(); }

  void sparse(const std::string& name, std::uint64_t size) const {
    fs::create_directories((top_ / name).parent_path());
    std::ofstream(path(name)) << name;  // something at the beginning, so that no two are alike
    fs::resize_file(path(name), size - 3);
    std::ofstream(path(name), std::ios::app) << "end";
  }

  vendor::BuildReport build() {
    const auto source = FolderTreeSource::at(path("in")).value();
    const auto scratch = ScratchFile::beside(path("mme.csar")).value();
    const auto output = OutputFile::create(path("mme.csar"), Readers::by_umask).value();
    const vendor::BuildRequest request{
        "mme", "1.0", ProductId::parse("mme").value(), "Acme", 1, "any", {}, {}, {}, 1};
    auto report = vendor::build(request, *source, *scratch, *output, workers_);
    CHECK(report.ok() && output->commit().ok());
    return report.value();
  }

  void sign() {
    const auto file = FileSource::open(path("mme.csar")).value();
    std::ofstream(path("key.pem")) << acme().private_pem();
    fs::permissions(path("key.pem"), fs::perms::owner_read);
    const auto signer = open_signer("file:" + path("key.pem")).value();
    const auto chain = Certificate::chain_from_pem(acme().certificate_pem()).value();
    const auto output = OutputFile::create_replacement(path("mme.csar"), Readers::by_umask).value();
    CHECK(vendor::sign(*file, *signer, chain, test_time(), *output, workers_).ok());
    CHECK(output->commit_replacing().ok());
  }

  Result<Verified<Package>> verify() {
    const auto file = FileSource::open(path("mme.csar")).value();
    return trust::package(*file, make_policy(acme().anchor_pem()), test_time(), workers_);
  }

  ThreadWorkers workers_;
  fs::path top_;
};

std::string fsverity_digest(const std::string& path) {
  FILE* output = ::popen(("fsverity digest --compact " + path).c_str(), "r");
  CHECK(output != nullptr);
  char digest[65] = {};
  CHECK(std::fread(digest, 1, 64, output) == 64 && ::pclose(output) == 0);
  return digest;
}

const TreeEntry& find(const Tree& tree, const std::string& path) {
  for (const auto& entry : tree.entries) {
    if (entry.path.text() == path) return entry;
  }
  abort_because(path.c_str(), __FILE__, __LINE__);
}

TEST_F(LargeFiles, B17_BeyondTwoAndFourGibToTheLastByte) {
  sparse("in/two", two_gib + 1);
  sparse("in/four", four_gib + 1);
  const auto built = build();
  EXPECT_EQ(built.content_size, two_gib + four_gib + 2);
  sign();
  const auto package = verify();
  ASSERT_TRUE(package.ok()) << package.error().where;
  const Tree& tree = (*package.value()).tree;
  EXPECT_EQ(find(tree, "four").size, four_gib + 1);
  EXPECT_EQ(find(tree, "two").digest->text(), fsverity_digest(path("in/two")));
  EXPECT_EQ(find(tree, "four").digest->text(), fsverity_digest(path("in/four")));

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  struct rusage usage {};
  ::getrusage(RUSAGE_SELF, &usage);
  EXPECT_LT(usage.ru_maxrss, 64 * 1024) << "KiB: whatever the size of the files";
#endif

  const auto& pack = (*package.value()).directory.members.back();
  std::fstream file(path("mme.csar"), std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(static_cast<std::streamoff>(pack.data_offset + pack.size - 1));
  file.put('X');
  file.close();
  EXPECT_EQ(verify().error().code, Code::member_digest_mismatch);
}

}  // namespace
}  // namespace sallyport
