// SPDX-License-Identifier: Apache-2.0
// Intake with a real clamd.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/host/workers.h"
#include "adapters/scanner/clamd.h"
#include "core/base/eicar.h"
#include "roles/operator/intake.h"
#include "testkit/clamd.h"
#include "testkit/package.h"
#include "testkit/signer.h"

namespace sallyport::intake {
namespace {

using testing::HasSubstr;
using testkit::PackageParts;

std::string zip_of(const std::string& content) {
  return std::string(as_text(testkit::make_zip({{"member", copy(as_bytes(content))}})));
}

std::string nested(std::string content, int depth) {
  for (int i = 0; i < depth; ++i) content = zip_of(content);
  return content;
}

Result<Report> submit(const PackageParts& parts, const testkit::ClamdSettings& settings = {}) {
  testkit::ClamdServer server(settings);
  Clamd clamd({server.socket()});
  testkit::TestSigner signer("intake-1");
  ThreadWorkers workers(4);
  const auto policy = testkit::make_policy(testkit::acme().anchor_pem());
  const auto bytes = testkit::make_package(parts);
  return intake::submit({MemorySource(bytes), "mme.csar", policy, testkit::test_time()},
                        {clamd, signer, workers});
}

Error refusal(const PackageParts& parts, const testkit::ClamdSettings& settings = {}) {
  const auto report = submit(parts, settings);
  if (!report.ok()) return report.error();
  const auto clean = require_clean(report.value().verdict);
  EXPECT_FALSE(clean.ok());
  return clean.ok() ? Error(Code::internal_error) : clean.error();
}

TEST(ClamdIntake, CleanPackage) {
  const auto report = submit({});
  ASSERT_TRUE(report.ok()) << report.error().where << report.error().found;
  EXPECT_EQ(report.value().verdict.outcome, Outcome::clean);
  EXPECT_EQ(report.value().verdict.engines.front().engine, "clamd");
}

TEST(ClamdIntake, A10_EicarInANestedArchive) {
  PackageParts parts;
  parts.files["usr/share/data"] = {nested(eicar_test_file(), 3), 0644};
  const auto error = refusal(parts);
  EXPECT_EQ(error.code, Code::malware_found);
  EXPECT_EQ(error.where, "usr/share/data");
  EXPECT_THAT(error.found, HasSubstr("Eicar"));
}

TEST(ClamdIntake, A11_EicarThatAppearsAfterUnpackingOnly) {
  PackageParts parts;
  parts.frame_size = 24;  // and it is split over several frames of our own
  parts.files["usr/share/data"] = {eicar_test_file(), 0644};
  EXPECT_EQ(refusal(parts).code, Code::malware_found);
}

// The second one is too large to be passed as a descriptor, to which StreamMaxLength says nothing.
TEST(ClamdIntake, H01_LargerThanTheFileLimit) {
  const auto refuse = [](const char* limit, std::size_t size) {
    PackageParts parts;
    parts.frame_size = 1U << 20U;
    parts.files["usr/share/large"] = {std::string(size, 'x'), 0644};
    const auto error = refusal(parts, {.options = {{limit, "2M"}}, .database = "eicar"});
    EXPECT_EQ(error.code, Code::scan_incomplete) << limit << " " << size;
    EXPECT_EQ(error.where, "usr/share/large");
  };
  refuse("MaxFileSize", 3U << 20U);
  refuse("MaxFileSize", 17U << 20U);
  refuse("StreamMaxLength", 17U << 20U);
}

TEST(ClamdIntake, H02_NestedDeeperThanTheLimit) {
  PackageParts parts;
  parts.files["usr/share/deep"] = {nested("harmless", 40), 0644};
  const auto error = refusal(parts);
  EXPECT_EQ(error.code, Code::scan_incomplete);
  EXPECT_THAT(error.found, HasSubstr("MaxRecursion"));
}

TEST(ClamdIntake, H02_MoreFilesThanTheLimit) {
  PackageParts parts;
  testkit::Members members;
  for (int i = 0; i < 30; ++i) members.push_back({"member" + std::to_string(i), copy(as_bytes("harmless"))});
  parts.files["usr/share/many"] = {std::string(as_text(testkit::make_zip(members))), 0644};
  EXPECT_EQ(refusal(parts, {.options = {{"MaxFiles", "20"}}, .database = "eicar"}).code,
            Code::scan_incomplete);
}

}  // namespace
}  // namespace sallyport::intake
