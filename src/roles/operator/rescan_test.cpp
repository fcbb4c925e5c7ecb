// SPDX-License-Identifier: Apache-2.0
#include "roles/operator/rescan.h"

#include <gtest/gtest.h>

#include "core/crypto/file_digest.h"
#include "testkit/statements.h"

namespace sallyport::intake {
namespace {

Verdict verdict() {
  return testkit::make_verdict(testkit::make_policy());
}
EngineInfo info_of(const EngineRecord& record) {
  return {record.engine, record.version, record.database, record.database_time};
}

// What is left out is not looked at again: so it was looked at by these engines, with these databases, and whole.
TEST(Rescan, WhatIsKnownWasLookedAtByTheseEnginesWhole) {
  const auto known = verdict();
  const auto engine = info_of(known.engines[0]);
  EXPECT_TRUE(knows_as_much(known, {engine}));
  auto other = engine;
  other.database = "27801";
  EXPECT_FALSE(knows_as_much(known, {other}));
  other = engine;
  other.version = "ClamAV 1.4.7";
  EXPECT_FALSE(knows_as_much(known, {other}));
  other = engine;
  other.engine = "yara";
  EXPECT_FALSE(knows_as_much(known, {other}));
  EXPECT_FALSE(knows_as_much(known, {engine, other}));
  auto partly = known;
  --partly.engines[0].bytes_scanned;
  EXPECT_FALSE(knows_as_much(partly, {engine}));
  partly = known;
  --partly.engines[0].files_scanned;
  EXPECT_FALSE(knows_as_much(partly, {engine}));
}

TEST(Rescan, MalwareIsWhatNobodyHasExcepted) {
  auto found = verdict();
  EXPECT_FALSE(names_malware(found));
  found.outcome = Outcome::not_clean;
  found.findings = {{"secret-found", "etc/key", file_digest(as_bytes("x")), "a key"}};
  EXPECT_FALSE(names_malware(found));
  found.findings.push_back({"malware-found", "usr/bin/mme", file_digest(as_bytes("y")), "Evil"});
  EXPECT_TRUE(names_malware(found));
  found.outcome = Outcome::excepted;
  EXPECT_FALSE(names_malware(found));
}

TEST(Rescan, AFileIsDigestedWhole) {
  const std::string large((1U << 20U) + 7, 'x');
  for (const std::string& text : {std::string(), std::string("x"), large})
    EXPECT_EQ(digest_of(MemorySource(as_bytes(text))).value(), sha256(as_bytes(text)));
}

}  // namespace
}  // namespace sallyport::intake
