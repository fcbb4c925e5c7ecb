// SPDX-License-Identifier: Apache-2.0
// D19: two signatures of one package, each with a time stamp of its own, and what becomes of the package when one of
// them lacks it, has the other's, or was stamped after its certificate or its algorithm was over. All of it from
// tests/vectors/hybrid, made on Debian 13: stamped on 2026-11-22 (early) and on 2026-11-24 (late), the certificates of
// both signatures superseded on 2026-11-23. A library without ML-DSA looks at the first signature, and is stopped by
// the second (algorithm-unavailable) in whatever state that one is.
#include <gtest/gtest.h>

#include "core/crypto/cms.h"
#include "core/crypto/cms_edit.h"
#include "core/crypto/cms_outline.h"
#include "core/trust/package.h"
#include "testkit/package_blocks.h"
#include "testkit/statements.h"

namespace sallyport {
namespace {

using testkit::blocks_of;
using testkit::hybrid_vector;

enum class Stamp : std::uint8_t { none, early, late, of_the_other };
constexpr std::array<Stamp, 4> all_stamps{Stamp::none, Stamp::early, Stamp::late, Stamp::of_the_other};

const std::string accepted = "accepted";

Instant instant(std::string_view text) {
  return Instant::parse(text).value();
}

// The same signature in each state; PEM, by the number of the Stamp.
struct Variants {
  std::array<std::string, 4> pem;
  const std::string& of(Stamp stamp) const { return pem.at(static_cast<std::size_t>(stamp)); }
};

Bytes stamp_in(BytesView cms) {
  return copy(*read_cms_outline(cms, CmsKind::manifest).value().signers.front().time_stamp);
}

Variants variants(std::string_view label, std::string testkit::Blocks::*own, std::string_view other_label,
                  std::string testkit::Blocks::*other) {
  const auto bare = blocks_of(hybrid_vector("1.csar")).*own;
  const auto early = blocks_of(hybrid_vector("early.csar"));
  const auto foreign = stamp_in(cms_from_pem(early.*other, other_label).value());
  const auto moved = with_time_stamps(cms_from_pem(bare, label).value(), {foreign}).value();
  return {
      {bare, early.*own, blocks_of(hybrid_vector("late.csar")).*own, cms_to_pem(moved, label)},
  };
}

class BothStamped : public ::testing::Test {
 protected:
  std::string judged(Stamp on_first, Stamp on_second, const Policy& policy) const {
    const auto file = testkit::with_blocks(package_, first_.of(on_first), second_.of(on_second));
    InlineWorkers workers;
    const auto proof = trust::package(MemorySource(file), policy, at_, workers);
    return proof.ok() ? accepted : std::string(name(proof.error().code));
  }
  // The answer about the first signature if that is not good, else the one about the second.
  static std::string both(const std::string& first, const std::string& second) {
    if (first != accepted) return first;
    return testkit::library_has_ml_dsa() ? second : "algorithm-unavailable";
  }
  Policy required() const { return parse_policy(hybrid_vector("stamped.json")).value(); }
  Policy optional() const {
    auto policy = required();
    authority_of(policy).time_stamps = TimeStamps::optional;
    return policy;
  }
  static SigningAuthority& authority_of(Policy& policy) { return policy.sources.begin()->second.authority; }
  static RevocationList list(const std::string& name) {
    return RevocationList::from_file(hybrid_vector(name)).value();
  }

  const Bytes package_ = hybrid_vector("1.csar");
  const Variants first_ =
      variants(cms_label, &testkit::Blocks::first, second_cms_label, &testkit::Blocks::second);
  const Variants second_ =
      variants(second_cms_label, &testkit::Blocks::second, cms_label, &testkit::Blocks::first);
  const Instant at_ = instant("2026-11-26T12:00:00Z");
};

enum class Listed : std::uint8_t { no, yes };

// What becomes of one signature by itself.
std::string alone(Stamp stamp, TimeStamps need, Listed listed) {
  const std::string revoked = listed == Listed::yes ? "certificate-revoked" : accepted;
  switch (stamp) {
    case Stamp::none:
      return need == TimeStamps::required ? "time-stamp-missing" : revoked;
    case Stamp::early:
      return accepted;
    case Stamp::late:
      return revoked;
    case Stamp::of_the_other:
      return "time-stamp-invalid";
  }
  return "";
}

TEST_F(BothStamped, D19_EachSignatureIsJudgedByItsOwnStamp) {
  std::size_t good = 0;
  for (const auto need : {TimeStamps::optional, TimeStamps::required})
    for (const auto lists : {0U, 1U, 2U, 3U}) {
      auto policy = need == TimeStamps::required ? required() : optional();
      const auto first_listed = (lists & 1U) != 0 ? Listed::yes : Listed::no;
      const auto second_listed = (lists & 2U) != 0 ? Listed::yes : Listed::no;
      if (first_listed == Listed::yes) policy.delivered_lists.push_back(list("acme.crl"));
      if (second_listed == Listed::yes) policy.delivered_lists.push_back(list("acme-pq.crl"));
      for (const auto first : all_stamps)
        for (const auto second : all_stamps) {
          const auto expected = both(alone(first, need, first_listed), alone(second, need, second_listed));
          EXPECT_EQ(judged(first, second, policy), expected)
              << "stamps " << static_cast<int>(first) << " and " << static_cast<int>(second) << ", lists "
              << lists << ", required " << (need == TimeStamps::required);
          good += expected == accepted ? 1 : 0;
        }
    }
  EXPECT_EQ(good, testkit::library_has_ml_dsa() ? 25U : 0U);
}

TEST_F(BothStamped, WhatDoesNotCountNeedsNone) {
  auto policy = required();
  policy.signatures.packages = RequiredKinds();
  for (const auto second : all_stamps) {
    EXPECT_EQ(judged(Stamp::early, second, policy), accepted);
    EXPECT_EQ(judged(Stamp::none, second, policy), "time-stamp-missing");
  }
}

TEST_F(BothStamped, StampsAreToldOneByOne) {
  InlineWorkers workers;
  const auto proof = trust::package(MemorySource(hybrid_vector("late.csar")), required(), at_, workers);
  if (!testkit::library_has_ml_dsa()) {
    EXPECT_EQ(proof.error().code, Code::algorithm_unavailable);
    return;
  }
  std::size_t told = 0;
  for (const auto& check : proof.value().evidence().checks)
    told += check.name == "time stamp" && check.finding.starts_with("2026-11-24T00:00:00Z by ") ? 1 : 0;
  EXPECT_EQ(told, 2U);
}

// R09: both signatures and the stamps have keys of different algorithms, so that each can end alone. The signatures'
// end counts as of their stamp, the stamp's own as of the check.
TEST_F(BothStamped, R09_EachSignatureEndsByItself) {
  const auto ended = [](Stamp stamp) {
    return stamp == Stamp::early ? accepted : std::string("algorithm-ended");
  };
  for (const auto first : {Stamp::none, Stamp::early, Stamp::late})
    for (const auto second : {Stamp::none, Stamp::early, Stamp::late}) {
      const auto ends = [&](const std::string& algorithm) {
        auto policy = optional();
        policy.algorithm_ends = {{algorithm, instant("2026-11-23T00:00:00Z")}};
        return judged(first, second, policy);
      };
      EXPECT_EQ(ends("ECDSA P-256"), both(ended(first), accepted));
      EXPECT_EQ(ends("ML-DSA-65"), both(accepted, ended(second)));
      const auto stamp_ended = [](Stamp stamp) {
        return stamp == Stamp::none ? accepted : std::string("algorithm-ended");
      };
      EXPECT_EQ(ends("ECDSA P-384"), both(stamp_ended(first), stamp_ended(second)));
      for (const auto* other : {"ML-DSA-44", "ML-DSA-87", "Ed25519", "RSA 4096"})
        EXPECT_EQ(ends(other), both(accepted, accepted)) << other;
    }
}

}  // namespace
}  // namespace sallyport
