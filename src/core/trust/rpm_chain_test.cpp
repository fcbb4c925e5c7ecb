// SPDX-License-Identifier: Apache-2.0
#include "core/trust/rpm_chain.h"

#include <gtest/gtest.h>

#include "testkit/raw_rpm.h"

namespace sallyport::trust {
namespace {

using namespace testkit;

// The primary key's fingerprint is what counts, whatever subkey has signed (attack D13: short ids say nothing).
const std::string good_status =
    "[GNUPG:] NEWSIG\n[GNUPG:] GOODSIG 9B54E59BE6C5EAC3 Publisher\n[GNUPG:] VALIDSIG "
    "519B801EFAB9A3170589626D9B54E59BE6C5EAC3 2026-11-26 1795713762 0 4 0 22 8 00 "
    "519B801EFAB9A3170589626D9B54E59BE6C5EAC3\n";
const std::string unknown_status =
    "[GNUPG:] NEWSIG\n[GNUPG:] ERRSIG 9B54E59BE6C5EAC3 22 8 00 1795713762 9 -\n";

class RpmChainTest : public testing::Test {
 protected:
  NamedFile named(const RawRpm& rpm) {
    held_ = raw_rpm(rpm);
    source_ = std::make_unique<MemorySource>(as_bytes(held_));
    return {"app.rpm", std::make_shared<const SteadySource>(SteadySource::begin(*source_).value())};
  }
  RpmChainTest() { raw_.files = {{"/usr/bin/app", "program"}}; }
  RawRpm raw_;
  std::string held_;
  std::unique_ptr<MemorySource> source_;
};

TEST_F(RpmChainTest, TheSignatureIsOverTheHeaderAndTheHeaderSaysTheRest) {
  const auto file = named(raw_);
  const auto content = rpm_signed(file).value();
  EXPECT_EQ(as_text(content.signature), raw_.signature);
  EXPECT_NE(held_.find(as_text(content.header)), std::string::npos);
  const auto proved = published_rpm(file, {good_status, {}});
  ASSERT_TRUE(proved.ok()) << proved.error().expected;
  EXPECT_EQ(proved.value().package.name, "app");
  EXPECT_EQ(proved.value().published.signer().name, "Publisher");
  EXPECT_EQ(proved.value().published.signer().form, SignerForm::openpgp);
  EXPECT_EQ(proved.value().published.file().name, "app.rpm");
}

TEST_F(RpmChainTest, NothingIsReadWithoutASignature) {
  raw_.tags = {rpm_text(1021, "aix")};  // what reading it would find
  const auto file = named(raw_);
  EXPECT_EQ(published_rpm(file, {unknown_status, {}}).error().code, Code::publisher_unknown);
  EXPECT_EQ(published_rpm(file, {"", {}}).error().code, Code::publisher_signature_missing);
  EXPECT_EQ(published_rpm(file, {good_status, {}}).error().code, Code::archive_malformed);
  raw_.signatures_without = {268};
  EXPECT_EQ(rpm_signed(named(raw_)).error().code, Code::publisher_signature_missing);
}

TEST_F(RpmChainTest, ThePayloadIsTheOneThatTheHeaderSays) {
  raw_.tags = {rpm_texts(5092, {std::string(64, 'a')})};
  EXPECT_EQ(published_rpm(named(raw_), {good_status, {}}).error().code, Code::publisher_signature_invalid);
}

}  // namespace
}  // namespace sallyport::trust
