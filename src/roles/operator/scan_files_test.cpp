// SPDX-License-Identifier: Apache-2.0
#include "roles/operator/scan_files.h"

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>

#include "adapters/scanner/memory.h"
#include "core/crypto/file_digest.h"
#include "roles/operator/scan_cache.h"
#include "testkit/signer.h"
#include "testkit/statements.h"

namespace sallyport::intake {
namespace {

class OfVersion final : public Unpacker {
 public:
  explicit OfVersion(std::string version) : version_(std::move(version)) {}
  std::string version() const override { return version_; }
  Result<OpenedArchive> open(const ByteSource&, MemberSink&) override {
    return OpenedArchive{Opened::no_archive, {}};
  }

 private:
  std::string version_;
};

class NoApart final : public Apart {
 public:
  Result<Bytes> run(const ApartJob&) override { return Bytes(); }
};

KnownClean some(int count, const std::string& what) {
  KnownClean all;
  for (int i = 0; i < count; ++i) all.insert(file_digest(as_bytes(what + std::to_string(i))));
  return all;
}

class Files : public testing::Test {
 protected:
  ScanFiles cache(const std::string& version = "libarchive 1") {
    return {{[this](const std::string& name, std::uint64_t) -> Result<Bytes> {
               const auto found = files_.find(name);
               return found == files_.end() ? Result<Bytes>(Error(Code::file_missing, name))
                                            : Result<Bytes>(found->second);
             },
             [this](const std::string& name, BytesView content) {
               files_[name] = copy(content);
               return Result<void>();
             }},
            OfVersion(version),
            testkit::test_time()};
  }
  std::vector<ApartScanner> scanners(const std::string& database = "7") {
    const EngineInfo info{"memory", "1", database, testkit::test_time()};
    return {{{EngineKind::relayed, info, {}}, std::make_shared<MemoryScanner>(info)}};
  }
  // As an intake would that heard and saw this.
  Result<void> save(const KnownClean& clean, const KnownClean& plain) {
    OfVersion unpacker("libarchive 1");
    const auto engines = scanners();
    const ApartPorts ports{apart_, engines, unpacker, workers_, no_progress, {}, KnownClean()};
    return cache().save(
        signer_, ports,
        {{testkit::make_verdict(testkit::make_policy()), sha256({}), {}}, {}, {clean}, plain});
  }
  Bytes& file_of(const std::string& engine) { return files_[sha256(as_bytes(engine)).brief() + ".scans"]; }

  std::map<std::string, Bytes> files_;
  testkit::TestSigner signer_{"intake-1"};
  NoApart apart_;
  InlineWorkers workers_;
};

TEST_F(Files, AreReadAsTheyWereWritten) {
  ASSERT_TRUE(save(some(3, "clean"), some(2, "plain")).ok());
  auto engines = scanners();
  EXPECT_EQ(cache().load(signer_.public_key(), engines).value(), some(2, "plain"));
  EXPECT_EQ(engines[0].known, some(3, "clean"));
}

// Another intake has written meanwhile.
TEST_F(Files, KeepWhatIsThere) {
  ASSERT_TRUE(save(some(3, "clean"), some(2, "plain")).ok());
  ASSERT_TRUE(save(some(1, "more"), {}).ok());
  auto engines = scanners();
  EXPECT_EQ(cache().load(signer_.public_key(), engines).value(), some(2, "plain"));
  EXPECT_EQ(engines[0].known.size(), 4U);
}

TEST_F(Files, H12_AreAboutOneOpenerAndOneDatabase) {
  ASSERT_TRUE(save(some(3, "clean"), some(2, "plain")).ok());
  auto engines = scanners("8");
  EXPECT_EQ(cache("libarchive 2").load(signer_.public_key(), engines).value(), KnownClean());
  EXPECT_EQ(engines[0].known, KnownClean());
  // What an engine called clean is not what holds nothing, though the same key has signed it.
  file_of("archives") = file_of("memory");
  EXPECT_EQ(cache().load(signer_.public_key(), engines).value(), KnownClean());
  // Nor what was plain by other rules.
  const EngineInfo older{"archives", "libarchive 1", "nothing to open, rules 0", testkit::test_time()};
  file_of("archives") = print_scans(older, some(1, "plain"), signer_).value();
  EXPECT_EQ(cache().load(signer_.public_key(), engines).value(), KnownClean());
}

TEST_F(Files, H06_WhatSomebodyElseWroteIsRefused) {
  ASSERT_TRUE(save(some(3, "clean"), some(2, "plain")).ok());
  const auto planted = file_digest(as_bytes("planted"));
  auto& file = file_of("archives");
  file.insert(file.end(), planted.bytes().begin(), planted.bytes().end());
  auto engines = scanners();
  EXPECT_EQ(cache().load(signer_.public_key(), engines).error().code, Code::scan_cache_invalid);
}

}  // namespace
}  // namespace sallyport::intake
