// SPDX-License-Identifier: Apache-2.0
// D19: packages under policies that ask for kinds of signatures. Made here where the library has ML-DSA, and everywhere
// from tests/vectors/hybrid, made on Debian 13: what needs no ML-DSA is refused there as here, the rest is a fault.
#include <gtest/gtest.h>

#include <algorithm>

#include "core/crypto/cms.h"
#include "core/trust/package.h"
#include "testkit/package.h"
#include "testkit/package_blocks.h"
#include "testkit/statements.h"

namespace sallyport {
namespace {

using testkit::acme;
using testkit::blocks_of;
using testkit::CodeSigner;
using testkit::hybrid_vector;
using testkit::PackageParts;
using testkit::with_blocks;

const std::vector<std::string> both{"classical", "post-quantum"};

std::string judged(BytesView file, const Policy& policy) {
  InlineWorkers workers;
  const auto proof = trust::package(MemorySource(file), policy, testkit::test_time(), workers);
  return proof.ok() ? "accepted" : std::string(name(proof.error().code));
}

std::string relabelled(const std::string& block, std::string_view from, std::string_view to) {
  return cms_to_pem(cms_from_pem(block, from).value(), to);
}

struct Vector {
  Bytes package;
  Bytes other;  // of another release, by the same keys
  Policy policy;
};

const Vector& made_elsewhere() {
  static const Vector one{hybrid_vector("1.csar"), hybrid_vector("2.csar"),
                          parse_policy(hybrid_vector("policy.json")).value()};
  return one;
}

std::string where_possible(const std::string& answer) {
  return testkit::library_has_ml_dsa() ? answer : "algorithm-unavailable";
}

TEST(Hybrid, APackageOfAnotherMachineIsJudgedHere) {
  const auto& [package, other, policy] = made_elsewhere();
  EXPECT_EQ(judged(package, policy), where_possible("accepted"));
  EXPECT_EQ(judged(other, policy), where_possible("accepted"));
}

TEST(HybridAttack, D19_WhatIsSeenWithoutTheLibrary) {
  const auto& [package, other, policy] = made_elsewhere();
  const auto [octets, first, second] = blocks_of(package);
  const auto relabelled_second = relabelled(second, second_cms_label, cms_label);
  const auto relabelled_first = relabelled(first, cms_label, second_cms_label);
  EXPECT_EQ(judged(with_blocks(package, first, ""), policy), "signature-kind-missing");
  EXPECT_EQ(judged(with_blocks(package, relabelled_second, ""), policy), "signature-kind-missing");
  EXPECT_EQ(judged(with_blocks(package, "", second), policy), "signature-missing");
  EXPECT_EQ(judged(with_blocks(package, first, relabelled_first), policy), "signature-kind-unexpected");
  EXPECT_EQ(judged(with_blocks(package, relabelled_second, second), policy), "signature-kind-unexpected");
  EXPECT_EQ(judged(with_blocks(package, relabelled_second, relabelled_first), policy),
            "signature-kind-unexpected");
  EXPECT_EQ(judged(with_blocks(package, first, second + second), policy), "manifest-malformed");
  EXPECT_EQ(judged(with_blocks(package, blocks_of(other).first, second), policy), "signature-invalid");
}

TEST(HybridAttack, D19_ASignatureOfAnotherRelease) {
  const auto& [package, other, policy] = made_elsewhere();
  const auto blocks = blocks_of(package);
  EXPECT_EQ(judged(with_blocks(package, blocks.first, blocks_of(other).second), policy),
            where_possible("signature-invalid"));
  const auto der = cms_from_pem(blocks.second, second_cms_label).value();
  for (const std::size_t back : {std::size_t{1}, std::size_t{1000}, std::size_t{3000}}) {
    Bytes flipped = der;
    flipped[flipped.size() - back] ^= 1U;
    EXPECT_EQ(judged(with_blocks(package, blocks.first, cms_to_pem(flipped, second_cms_label)), policy),
              where_possible("signature-invalid"))
        << back;
  }
}

const CodeSigner& post_quantum() {
  static const CodeSigner one("Acme PQ", "ML-DSA-65");
  return one;
}

Policy policy_with(const std::vector<std::string>& kinds, const std::vector<std::string>& anchors) {
  auto parts = testkit::parts(anchors.front());
  parts.sources[0].anchors = anchors;
  parts.packages = kinds;
  return testkit::make_policy(parts);
}

// Signed by OpenSSL's own CMS, both times.
Bytes signed_by(const CodeSigner& first, const CodeSigner* second) {
  PackageParts parts;
  parts.signers = {&first};
  auto package = testkit::make_package(parts);
  const auto blocks = blocks_of(package);
  if (second == nullptr) return package;
  const auto cms = testkit::sign_cms(as_bytes(blocks.octets), {second});
  return with_blocks(package, blocks.first, cms_to_pem(cms, second_cms_label));
}

class HybridHere : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!testkit::library_has_ml_dsa()) GTEST_SKIP() << "no ML-DSA in this library";
  }
};

TEST_F(HybridHere, BothAreListedAndProvedAgain) {
  const auto policy = policy_with(both, {acme().anchor_pem(), post_quantum().anchor_pem()});
  const auto file = signed_by(acme(), &post_quantum());
  InlineWorkers workers;
  const auto proof = trust::package(MemorySource(file), policy, testkit::test_time(), workers).value();
  EXPECT_EQ(proof->signers, (std::vector<std::string>{"CN=Acme code signing", "CN=Acme PQ code signing"}));
  const auto& checks = proof.evidence().checks;
  EXPECT_EQ(std::count_if(checks.begin(), checks.end(), [](const auto& c) { return c.name == "signature"; }),
            2);
  EXPECT_TRUE(trust::release(proof->manifest_bytes, proof->tree_bytes, policy, testkit::test_time()).ok());
  const auto stripped = blocks_of(file).octets + blocks_of(file).first;
  EXPECT_EQ(trust::release(as_bytes(stripped), proof->tree_bytes, policy, testkit::test_time()).error().code,
            Code::signature_kind_missing);
}

TEST_F(HybridHere, APolicyWithoutKindsLooksAtTheFirst) {
  const auto policy = policy_with({}, {acme().anchor_pem()});
  const auto file = signed_by(acme(), &post_quantum());
  InlineWorkers workers;
  const auto proof = trust::package(MemorySource(file), policy, testkit::test_time(), workers).value();
  EXPECT_EQ(proof->signers.size(), 1U);
  const auto& checks = proof.evidence().checks;
  EXPECT_TRUE(std::any_of(checks.begin(), checks.end(), [](const auto& c) {
    return c.name == "signature" &&
           c.finding == "post-quantum: not looked at: the policy does not ask for it";
  }));
  const auto blocks = blocks_of(file);
  EXPECT_EQ(judged(with_blocks(file, blocks.first, cms_to_pem(Bytes{0x30, 0}, second_cms_label)), policy),
            "signature-malformed");
}

TEST_F(HybridHere, OneKindAloneCanBeAskedForToo) {
  const std::vector<std::string> anchors{acme().anchor_pem(), post_quantum().anchor_pem()};
  const auto alone = policy_with({"post-quantum"}, anchors);
  EXPECT_EQ(judged(signed_by(post_quantum(), nullptr), alone), "accepted");
  EXPECT_EQ(judged(signed_by(acme(), &post_quantum()), alone), "accepted");
  EXPECT_EQ(judged(signed_by(acme(), nullptr), alone), "signature-kind-missing");
  EXPECT_EQ(judged(signed_by(post_quantum(), nullptr), policy_with({}, anchors)), "accepted");
}

TEST_F(HybridHere, D19_AChainIsOfOneKind) {
  const CodeSigner mixed("Mixed", post_quantum());  // a P-256 key under the ML-DSA authority
  const std::vector<std::string> anchors{acme().anchor_pem(), post_quantum().anchor_pem()};
  const auto policy = policy_with(both, anchors);
  EXPECT_EQ(judged(signed_by(mixed, &post_quantum()), policy), "signature-kind-unexpected");
  EXPECT_EQ(judged(signed_by(mixed, &post_quantum()), policy_with({}, anchors)), "accepted");
}

TEST_F(HybridHere, D19_OneSourceSignsBoth) {
  const CodeSigner stranger("Stranger PQ", "ML-DSA-65");
  auto parts = testkit::parts(acme().anchor_pem());
  parts.packages = both;
  parts.sources[0].anchors.push_back(post_quantum().anchor_pem());
  EXPECT_EQ(judged(signed_by(acme(), &stranger), testkit::make_policy(parts)), "signer-unknown");
  parts.sources.push_back({"other", {"mme"}, {testkit::stranger().anchor_pem(), stranger.anchor_pem()}});
  EXPECT_EQ(judged(signed_by(acme(), &stranger), testkit::make_policy(parts)), "signer-not-for-product");
}

}  // namespace
}  // namespace sallyport
