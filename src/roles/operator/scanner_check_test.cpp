// SPDX-License-Identifier: Apache-2.0
#include "roles/operator/scanner_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/scanner/clamd.h"
#include "adapters/scanner/memory.h"
#include "testkit/clamd.h"

namespace sallyport::intake {
namespace {

using testing::HasSubstr;
using Then = FaultyScanner::Then;

MemoryScanner working() {
  return MemoryScanner({"memory", "1", "1", Instant::from_seconds(1795300000).value()});
}

std::string expected_of(const Result<SelfTest>& result) {
  EXPECT_FALSE(result.ok());
  if (result.ok()) return "";
  EXPECT_EQ(result.error().code, Code::scanner_failed);
  return result.error().expected;
}

TEST(ScannerCheck, AcceptsOneThatFindsAndAdmits) {
  auto scanner = working();
  EXPECT_EQ(check_scanner(scanner).value(), SelfTest::passed);
}

TEST(ScannerCheck, EachProbeCanFail) {
  const char* const reasons[] = {"in a ZIP archive", "AlertExceedsMax", "AlertEncrypted"};
  for (std::uint64_t probe = 2; probe <= 4; ++probe) {
    auto scanner = working();
    FaultyScanner blind(scanner, probe, Then::says_clean_blind);
    EXPECT_THAT(expected_of(check_scanner(blind)), HasSubstr(reasons[probe - 2]));
  }
  auto scanner = working();
  FaultyScanner blind(scanner, 1, Then::says_clean_blind);
  EXPECT_EQ(check_scanner(blind).value(), SelfTest::finds_nothing);
}

TEST(ScannerCheck, WhatIsFoundMustBeFoundAndNotMerelySkipped) {
  auto scanner = working();
  FaultyScanner skips(scanner, 1, Then::does_not_look);
  EXPECT_THAT(expected_of(check_scanner(skips)), HasSubstr("EICAR"));
}

TEST(ScannerCheck, AcceptsAWellConfiguredClamd) {
  testkit::ClamdServer server;
  Clamd clamd({server.socket()});
  const auto result = check_scanner(clamd);
  EXPECT_TRUE(result.ok()) << result.error().expected << ", " << result.error().found;
}

TEST(ScannerAttack, H03_EmptyDatabaseIsFoundOut) {
  testkit::ClamdServer server({.options = {}, .database = "empty"});
  Clamd clamd({server.socket()});
  EXPECT_EQ(check_scanner(clamd).value(), SelfTest::finds_nothing);
}

TEST(ScannerAttack, H02_ClamdThatHidesItsLimitsIsFoundOut) {
  testkit::ClamdServer server({.options = {{"AlertExceedsMax", "no"}}, .database = "eicar"});
  Clamd clamd({server.socket()});
  EXPECT_THAT(expected_of(check_scanner(clamd)), HasSubstr("AlertExceedsMax yes"));
}

TEST(ScannerAttack, H02_HighestNestingLimitIsStillExceeded) {
  testkit::ClamdServer server(
      {.options = {{"AlertExceedsMax", "no"}, {"MaxRecursion", "100"}}, .database = "eicar"});
  Clamd clamd({server.socket()});
  EXPECT_THAT(expected_of(check_scanner(clamd)), HasSubstr("AlertExceedsMax yes"));
}

TEST(ScannerAttack, H02_ClamdThatHidesEncryptionIsFoundOut) {
  testkit::ClamdServer server({.options = {{"AlertEncrypted", "no"}}, .database = "eicar"});
  Clamd clamd({server.socket()});
  EXPECT_THAT(expected_of(check_scanner(clamd)), HasSubstr("AlertEncrypted yes"));
}

TEST(ScannerAttack, H02_ClamdThatLeavesArchivesOutIsFoundOut) {
  testkit::ClamdServer server({.options = {{"ScanArchive", "no"}}, .database = "eicar"});
  Clamd clamd({server.socket()});
  EXPECT_THAT(expected_of(check_scanner(clamd)), HasSubstr("ScanArchive yes"));
}

}  // namespace
}  // namespace sallyport::intake
