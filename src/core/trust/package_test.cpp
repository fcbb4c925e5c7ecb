// SPDX-License-Identifier: Apache-2.0
#include "core/trust/package.h"

#include <gtest/gtest.h>

#include "testkit/package.h"
#include "testkit/statements.h"

namespace sallyport {
namespace {

using testkit::make_package;
using testkit::PackageParts;

Policy acme_policy() { return testkit::make_policy(testkit::acme().anchor_pem()); }

Result<Verified<Package>> check(const Bytes& bytes) {
  InlineWorkers workers;
  return trust::package(MemorySource(bytes), acme_policy(), testkit::test_time(), workers);
}

TEST(Package, GenuineIsAccepted) {
  const Bytes bytes = make_package();
  const auto proof = check(bytes);
  ASSERT_TRUE(proof.ok()) << name(proof.error().code) << " " << proof.error().where << " " << proof.error().expected;
  const Package& package = *proof.value();
  EXPECT_EQ(package.digest, sha256(bytes));
  EXPECT_EQ(package.size, bytes.size());
  EXPECT_EQ(package.release, sha256(package.tree_bytes));
  EXPECT_EQ(package.source.text(), "acme");
  EXPECT_EQ(package.tree.version, "1.0");
  EXPECT_EQ(package.signers.size(), 1U);
  EXPECT_GE(proof.value().evidence().checks.size(), 5U);
}

}  // namespace
}  // namespace sallyport
