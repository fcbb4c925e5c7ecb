// SPDX-License-Identifier: Apache-2.0
#include "roles/auditor/verify.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/format/stop.h"
#include "core/trust/package.h"
#include "roles/auditor/inspect.h"
#include "roles/auditor/inspect_build.h"
#include "testkit/package.h"
#include "testkit/statements.h"

namespace sallyport::auditor {
namespace {

using testing::Contains;

class Auditor : public testing::Test {
 protected:
  Auditor() {
    const auto checked = trust::package(MemorySource(package_), policy_, now_, workers_);
    CHECK(checked.ok());
    const auto verdict = testkit::make_verdict(policy_, *checked.value());
    verdict_ = testkit::sign_statement(print_verdict(verdict), {"intake-1"});
    const auto order = print_order(testkit::make_order(policy_, verdict));
    approved_ = testkit::sign_statement(order, {"alice-1", "bob-1", "carol-1"});
    open_ = testkit::sign_statement(order, {"alice-1", "bob-1"});
    policy_file_ = copy(as_bytes(testkit::print_policy(testkit::parts(testkit::acme().anchor_pem()))));
  }

  static Bytes stop_by(const char* person, const char* key) {
    StopOrder stop{"mme.csar",
                   sha256(as_bytes("package")),
                   sha256(as_bytes("order")),
                   PoolId::parse("mme-east").value(),
                   1,
                   PersonId::parse(person).value(),
                   testkit::test_time(),
                   "wrong build"};
    return testkit::sign_statement(print_stop(stop), {key});
  }
  static FileKind kind(const Bytes& bytes) { return kind_of_file(MemorySource(bytes)).value(); }
  Result<Verification> check(const Bytes& bytes) {
    const MemorySource file(bytes);
    const auto kind = TRY(kind_of_file(file));
    passed_.clear();
    return verify(file, kind, policy_, now_, workers_, passed_);
  }
  Code refusal(const Bytes& bytes) {
    const auto result = check(bytes);
    EXPECT_FALSE(result.ok());
    return result.ok() ? Code::internal_error : result.error().code;
  }

  Instant now_ = testkit::test_time();
  Policy policy_ = testkit::make_policy(testkit::acme().anchor_pem());
  Bytes package_ = testkit::make_package();
  Bytes verdict_, approved_, open_, policy_file_;
  InlineWorkers workers_;
  Checks passed_;
};

TEST_F(Auditor, TellsFilesApartByTheirContent) {
  EXPECT_EQ(kind(package_), FileKind::package);
  EXPECT_EQ(kind(verdict_), FileKind::verdict);
  EXPECT_EQ(kind(approved_), FileKind::order);
  EXPECT_EQ(kind(policy_file_), FileKind::policy);
  EXPECT_EQ(kind({}), FileKind::package);
}

// Nobody has verified what is inspected: a small file may say that it holds a terabyte.
TEST_F(Auditor, P02_WhatIsDecodedToCompareIsBounded) {
  testkit::PackageParts parts;
  parts.edit_members = [](testkit::Members& members) {
    testkit::member(members, "Files/sbom.cdx.json").content = copy(as_bytes(
        R"({"bomFormat":"CycloneDX","specVersion":"1.5","components":[{"type":"file","name":"usr/bin/mme"}]})"));
  };
  const auto package = testkit::make_package(parts);
  const MemorySource file(package);
  const auto directory = read_zip(file).value();
  const auto tree = claimed_tree(file).value();
  std::uint64_t all = 0;
  for (const auto& object : tree.objects) all += object.size;
  const auto said = [&](std::uint64_t decoded_max) {
    std::string text;
    const auto sections = build_sections(file, directory, tree, decoded_max).value();
    for (const auto& field : sections.front().fields) text += field.name + ": " + field.value + "\n";
    return text;
  };
  EXPECT_THAT(said(all), testing::HasSubstr("does not fit: sbom-file-unlisted"));
  EXPECT_THAT(said(all - 1), testing::HasSubstr("fits: not compared: the contents have"));
  EXPECT_THAT(said(all - 1), testing::Not(testing::HasSubstr("does not fit")));
}

TEST_F(Auditor, SaysWhatWasProved) {
  for (const auto& file : {package_, verdict_, approved_, policy_file_}) {
    const auto result = check(file);
    ASSERT_TRUE(result.ok()) << result.error().where;
    EXPECT_FALSE(result.value().proved.empty());
    EXPECT_FALSE(result.value().facts.empty());
  }
}

TEST_F(Auditor, APolicyIsGenuineOnlyWhereItIsTheOneToGoBy) {
  auto other = policy_file_;
  other.push_back('\n');
  EXPECT_EQ(refusal(other), Code::policy_mismatch);
}

TEST_F(Auditor, ABreakGlassOrderIsAnOrder) {
  const auto checked = trust::package(MemorySource(package_), policy_, now_, workers_);
  auto order = testkit::make_order(policy_, testkit::make_verdict(policy_, *checked.value()));
  order.kind = OrderKind::break_glass;
  EXPECT_EQ(kind(testkit::sign_statement(print_order(order), {"alice-1"})), FileKind::order);
}

TEST_F(Auditor, AStopOrderIsVerifiedAsAnyStatement) {
  const auto stop = stop_by("carol", "carol-1");
  EXPECT_EQ(kind(stop), FileKind::stop);
  const auto result = check(stop);
  ASSERT_TRUE(result.ok()) << result.error().where;
  EXPECT_FALSE(result.value().proved.empty());
  EXPECT_EQ(refusal(stop_by("carol", "bob-1")), Code::order_signer_unknown);
  EXPECT_TRUE(inspect(MemorySource(stop), FileKind::stop).ok());
}

TEST_F(Auditor, AnOrderThatLacksAnApprovalDoesNotVerify) {
  EXPECT_EQ(refusal(open_), Code::approvals_missing);
}

// Whatever byte is flipped, no statement passes; and none is taken for a fault of ours.
TEST_F(Auditor, NoStatementWithAFlippedByteVerifies) {
  for (const auto& good : {verdict_, approved_, stop_by("carol", "carol-1")}) {
    for (std::size_t i = 0; i < good.size(); i += 7) {
      auto bad = good;
      bad[i] ^= 1U;
      EXPECT_EQ(kind_of(refusal(bad)), Kind::refused) << i;
    }
  }
}

TEST_F(Auditor, NoPackageWithAFlippedByteVerifies) {
  for (std::size_t i = 0; i < package_.size(); i += 31) {
    auto bad = package_;
    bad[i] ^= 1U;
    EXPECT_EQ(kind_of(refusal(bad)), Kind::refused) << i;
  }
}

TEST_F(Auditor, InspectsWhatItDoesNotTrust) {
  testkit::PackageParts parts;
  parts.signers = {};
  parts.files["usr/bin/mme"] = {"#!/bin/sh\n", 04755};
  const auto bytes = testkit::make_package(parts);
  const auto sections = inspect(MemorySource(bytes), FileKind::package);
  ASSERT_TRUE(sections.ok()) << sections.error().where;
  std::vector<std::string> lines;
  for (const auto& section : sections.value()) {
    for (const auto& field : section.fields) lines.push_back(field.name + ": " + field.value);
  }
  EXPECT_THAT(lines, Contains("signature: none"));
  EXPECT_THAT(lines, Contains("setuid file: usr/bin/mme, runs as user 0"));
  EXPECT_TRUE(inspect(MemorySource(open_), FileKind::order).ok());
  EXPECT_TRUE(inspect(MemorySource(verdict_), FileKind::verdict).ok());
  EXPECT_TRUE(inspect(MemorySource(policy_file_), FileKind::policy).ok());
}

}  // namespace
}  // namespace sallyport::auditor
