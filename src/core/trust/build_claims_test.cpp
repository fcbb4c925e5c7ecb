// SPDX-License-Identifier: Apache-2.0
// A bill of materials that the policy requires, in packages whose vendor signed whatever is in there.
#include "core/trust/build_claims.h"

#include <gtest/gtest.h>

#include "core/format/json_writer.h"
#include "core/format/tosca.h"
#include "core/trust/package.h"
#include "testkit/package.h"
#include "testkit/statements.h"

namespace sallyport {
namespace {

using testkit::Members;
using testkit::PackageParts;

Policy policy_with(const std::string& member) {
  std::string text = testkit::print_policy(testkit::parts(testkit::acme().anchor_pem()));
  return parse_policy(as_bytes(text.insert(text.find("\"anchors\""), member))).value();
}
const Policy& requiring() {
  static const Policy policy = policy_with("\"sbom\":\"required\",");
  return policy;
}

// Path and content of each file component.
using Files = std::map<std::string, std::string>;
Files all_files() {
  Files files;
  for (const auto& [path, file] : PackageParts().files) files[path] = file.content;
  return files;
}
std::string cyclonedx(const Files& files) {
  JsonWriter writer;
  writer.begin_object()
      .text("bomFormat", "CycloneDX")
      .text("specVersion", "1.6")
      .key("components")
      .begin_array();
  for (const auto& [path, content] : files) {
    writer.begin_object().text("type", "file").text("name", path).key("hashes").begin_array().begin_object();
    writer.text("alg", "SHA-256").text("content", sha256(as_bytes(content)).text());
    writer.end_object().end_array().end_object();
  }
  writer.end_array().end_object();
  return writer.take();
}

constexpr const char* cyclonedx_member = "Files/sbom.cdx.json";

Bytes package_with(const std::string& sbom, const std::string& member = cyclonedx_member) {
  PackageParts parts;
  parts.edit_members = [&](Members& members) {
    auto& made = testkit::member(members, cyclonedx_member);
    made = {member, copy(as_bytes(sbom))};
  };
  return testkit::make_package(parts);
}

std::string outcome(const Bytes& package, const Policy& policy = requiring()) {
  InlineWorkers workers;
  const auto proof = trust::package(MemorySource(package), policy, testkit::test_time(), workers);
  if (!proof.ok()) return std::string(name(proof.error().code)) + " " + proof.error().where;
  const auto& last = proof.value().evidence().checks.back();
  return last.name == "bill of materials" ? last.finding : "accepted";
}

TEST(BuildClaims, ARequiredBillFits) {
  EXPECT_EQ(outcome(package_with(cyclonedx(all_files()))),
            "CycloneDX 1.6, 0 components, files named 5 times, and it fits");
}

TEST(BuildClaims, TheOtherStandardHasAMemberOfItsOwn) {
  const std::string empty = R"({"spdxVersion":"SPDX-2.3"})";
  EXPECT_EQ(outcome(package_with(empty, std::string(spdx_member)), policy_with("")), "accepted");
  EXPECT_EQ(outcome(package_with(empty, std::string(spdx_member))), "sbom-missing Files/sbom.spdx.json");
  EXPECT_EQ(outcome(package_with(empty, "Files/sbom.json"), policy_with("")),
            "package-member-missing Files/sbom.cdx.json");
}

TEST(BuildClaims, IsNotLookedAtWhereNobodyAsks) {
  EXPECT_EQ(outcome(package_with("nonsense"), policy_with("")), "accepted");
  EXPECT_EQ(outcome(package_with("nonsense"), policy_with("\"sbom\":\"optional\",")), "accepted");
}

TEST(BuildClaimsAttack, S06_WhatTheVendorSignedAndIsNotSo) {
  EXPECT_EQ(outcome(package_with("nonsense")), "sbom-malformed JSON at byte 0");
  EXPECT_EQ(outcome(package_with(cyclonedx({}))), "sbom-missing Files/sbom.cdx.json");
  auto files = all_files();
  files["usr/bin/mme"] = "another program";
  EXPECT_EQ(outcome(package_with(cyclonedx(files))), "sbom-digest-mismatch usr/bin/mme");
  files = all_files();
  files.erase("usr/bin/mme");
  EXPECT_EQ(outcome(package_with(cyclonedx(files))), "sbom-file-unlisted usr/bin/mme");
  files = all_files();
  files["usr/bin/more"] = "";
  EXPECT_EQ(outcome(package_with(cyclonedx(files))), "sbom-file-missing usr/bin/more");
}

}  // namespace
}  // namespace sallyport
