// SPDX-License-Identifier: Apache-2.0
// R09: what the end of an algorithm does to a package with and without a time stamp. Signer, authority, stamp and stamp
// authority have keys of four algorithms, so that each can end alone.
#include <gtest/gtest.h>

#include <map>

#include "core/crypto/cms.h"
#include "core/crypto/cms_edit.h"
#include "core/trust/package.h"
#include "testkit/package.h"
#include "testkit/package_blocks.h"
#include "testkit/revocation.h"
#include "testkit/statements.h"
#include "testkit/table.h"

namespace sallyport {
namespace {

using testkit::Authority;
using testkit::Identity;
using testkit::KeyType;

// The end is 11:30:00, inclusive; a stamp says one second more than its time.
const std::map<std::string, std::string> stamped_at{
    {"before", "20260615110000Z"}, {"last-second", "20260615112959Z"}, {"after", "20260615113000Z"}};
const std::map<std::string, std::string> algorithms{{"signer", "ECDSA P-256"},
                                                    {"signer-authority", "ECDSA P-384"},
                                                    {"stamp", "RSA 3072"},
                                                    {"stamp-authority", "Ed25519"}};
const std::vector<std::string> columns{"nobody-knows", "not-looked-at", "before", "last-second", "after"};

Instant instant(std::string_view text) {
  return Instant::parse(text).value();
}

// Whose key, when it was signed.
testkit::Table table() {
  return testkit::read_table("tests/vectors/algorithm_ends.txt");
}

class Ends : public ::testing::Test {
 protected:
  Bytes signed_package(const std::string& when) const {
    testkit::PackageParts parts;
    parts.signers = {};
    const auto bare = testkit::make_package(parts);
    const auto octets = testkit::take_apart(bare)[1].content;
    testkit::ForgedSigner by{.who = release_, .attributes = {}};
    testkit::ForgedCms cms;
    cms.signers = {by};
    auto der = testkit::forge_cms(octets, cms);
    if (when != "nobody-knows") {
      testkit::StampOptions options;
      options.time = stamped_at.at(when == "not-looked-at" ? "before" : when);
      options.algorithm = testkit::pkcs1_identifier(Sha2::sha256);
      const auto signature = signatures_of(der).value().front();
      der = with_time_stamps(der, {testkit::make_time_stamp(stamper_, signature, options)}).value();
    }
    auto members = testkit::take_apart(bare);
    const auto block = cms_to_pem(der);
    members[1].content.insert(members[1].content.end(), block.begin(), block.end());
    return testkit::make_zip(members);
  }
  std::string judged(const testkit::Cell& cell, Instant end, Instant at) const {
    const auto& [whose, when] = cell;
    auto policy = testkit::make_policy();
    auto& authority = policy.sources.begin()->second.authority;
    authority.anchors = {vendor_.certificate()};
    if (when != "not-looked-at") authority.time_stamp_anchors = {stamps_.certificate()};
    policy.algorithm_ends = {{algorithms.at(whose), end}};
    InlineWorkers workers;
    const auto proof = trust::package(MemorySource(signed_package(when)), policy, at, workers);
    return proof.ok() ? "stands" : std::string(name(proof.error().code));
  }

  const Authority vendor_ = Authority::root("Vendor CA", KeyType::p384);
  const Identity release_ = testkit::make_identity(vendor_, KeyType::p256);
  const Authority stamps_ = Authority::root("Stamp CA", KeyType::ed25519);
  const Identity stamper_ = testkit::make_identity(stamps_, KeyType::rsa3072, testkit::stamper_options());
  const Instant end_ = instant("2026-06-15T11:30:00Z");
};

TEST_F(Ends, R09_EveryCellOfTheTable) {
  const auto cells = table();
  ASSERT_EQ(cells.size(), algorithms.size() * columns.size());
  for (const auto& [cell, outcome] : cells)
    EXPECT_EQ(judged(cell, end_, testkit::noon()), outcome) << cell.first << " " << cell.second;
}

TEST_F(Ends, R09_NothingEndsBeforeItsLastSecondIsOver) {
  for (const auto& [cell, outcome] : table()) {
    if (cell.second == "after") continue;
    EXPECT_EQ(judged(cell, end_, end_), "stands") << cell.first << " " << cell.second;
    EXPECT_EQ(judged(cell, testkit::noon(), testkit::noon()), "stands") << cell.first << " " << cell.second;
  }
}

TEST_F(Ends, TheTableForPeopleIsTheTable) {
  const auto rows =
      testkit::expect_same_on_page("docs/spec/revocation.md", table(), columns,
                                   [](const std::string& word) { return algorithms.contains(word); });
  EXPECT_EQ(rows, algorithms.size());
}

}  // namespace
}  // namespace sallyport
