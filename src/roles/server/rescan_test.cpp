// SPDX-License-Identifier: Apache-2.0
#include "roles/server/rescan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "roles/server/statements_for_test.h"
#include "roles/server/world_for_test.h"

namespace sallyport::server {
namespace {

using testing::HasSubstr;
using testing::Not;

// Engines that know this much, and say this.
class ScriptedLooks final : public LooksAgain {
 public:
  Result<std::uint64_t> knowledge(Instant) override { return known; }
  Result<Taken> look_again(const Content& content, Instant) override {
    ++asked;
    exceptions = content.exceptions;
    if (!says.ok()) return says;
    auto taken = says.value();
    taken.package = content.path.substr(content.path.size() - 69, 64);
    return taken;
  }
  static Taken malware() {
    auto taken = ScriptedIntake::clean();
    taken.verdict = "{\"verdict\":2}\n";
    taken.not_clean = Error(Code::malware_found, "usr/bin/mme", "no finding", "Evil");
    taken.hit = Hit::malware;
    return taken;
  }
  std::uint64_t known = 5;
  int asked = 0;
  std::vector<std::string> exceptions;  // that they were given last
  Result<Taken> says = ScriptedIntake::clean();
};

class Rescans : public testing::Test {
 protected:
  Worked rescan() { return rescan_one(server_.world, looks_, "one").value(); }
  std::string shown(const std::string& id) {
    return server_.ask("officer", "GET", ServerWorld::path(id)).body;
  }
  std::string found() { return server_.ask("mme-1", "GET", "/api/v1/recalls").body; }

  ServerWorld server_;
  ScriptedLooks looks_;
};

TEST_F(Rescans, EachPackageIsLookedAtOnceForEachDatabase) {
  server_.onboarded("one");
  server_.onboarded("two");
  EXPECT_EQ(rescan(), Worked::on_a_package);
  EXPECT_EQ(rescan(), Worked::on_a_package);
  EXPECT_EQ(rescan(), Worked::on_nothing);
  looks_.known = 4;  // another server, with an older database
  EXPECT_EQ(rescan(), Worked::on_nothing);
  looks_.known = 6;
  EXPECT_EQ(rescan(), Worked::on_a_package);
  EXPECT_EQ(looks_.asked, 3);
}

TEST_F(Rescans, WhatIntakeLookedAtNowIsNotLookedAtAgain) {
  auto taken = ScriptedIntake::clean();
  taken.knowledge = 5;
  server_.intake.says = taken;
  server_.onboarded();
  EXPECT_EQ(rescan(), Worked::on_nothing);
}

// What persons have excepted is not found again, until it is over.
TEST_F(Rescans, ExceptionsCountAsAtIntake) {
  const auto exception = exception_for_test();
  const auto payload = print_scan_exception(exception);
  const auto envelope =
      std::string(as_text(testkit::sign_statement(payload, {"alice-1", "bob-1", "carol-1"})));
  const auto path = "/api/v1/exceptions/" + sha256(as_bytes(payload)).text();
  ASSERT_EQ(server_.ask("alice", "PUT", path, envelope).status, 201U);
  const auto id = server_.onboarded();
  auto taken = ScriptedLooks::malware();
  taken.uncounted = "exception 1a does not count: it is over";
  looks_.says = taken;
  ASSERT_EQ(rescan(), Worked::on_a_package);
  EXPECT_EQ(looks_.exceptions, std::vector<std::string>{envelope});
  EXPECT_THAT(shown(id), HasSubstr("found: Evil; exception 1a does not count: it is over"));
}

TEST_F(Rescans, WhatIsNewComesFirst) {
  server_.onboarded("one");
  server_.processing("two");
  EXPECT_EQ(rescan(), Worked::on_nothing);
  server_.process();
  EXPECT_EQ(rescan(), Worked::on_a_package);
}

// What was tried and waits, after a fault or to be taken in once more, keeps no other one from being looked at.
TEST_F(Rescans, WhatWaitsToBeTriedAgainKeepsNobodyBack) {
  server_.onboarded("one");
  const auto id = server_.processing("two");
  auto package = *server_.db->find_package(id).value();
  package.held_until = server_.clock.now().seconds();
  ASSERT_EQ(server_.db->change_package(package, Happened::nothing).value(), Changed::done);
  EXPECT_EQ(rescan(), Worked::on_a_package);
}

// H08: the package says so, with the verdict that a recall is proposed from, and who runs it.
TEST_F(Rescans, H08_MalwareIsShownAndRecallsNothingByItself) {
  const auto id = server_.onboarded("bytes");
  ASSERT_EQ(server_.ask("mme-1", "PUT", "/api/v1/nodes/mme-1/report", signed_report(report_for_test("bytes")))
                .status,
            204U);
  EXPECT_THAT(found(), HasSubstr(R"("found":[])"));
  EXPECT_EQ(server_.ask("vendor", "GET", "/api/v1/packages/" + id + "/rescan").status, 404U);
  looks_.says = ScriptedLooks::malware();
  rescan();
  EXPECT_THAT(shown(id), HasSubstr(R"("x-sallyport-finding":{"type":"urn:sallyport:problem:malware-found")"));
  EXPECT_THAT(shown(id), HasSubstr(R"("onboardingState":"ONBOARDED")"));
  EXPECT_EQ(server_.ask("vendor", "GET", "/api/v1/packages/" + id + "/rescan").body, "{\"verdict\":2}\n");
  EXPECT_EQ(server_.ask("vendor", "GET", "/api/v1/packages/" + id + "/verdict").body, "{\"verdict\":1}\n");
  EXPECT_THAT(found(), HasSubstr(R"("found":[{"vnfPkgId":")" + id + R"(","package":")"));
  EXPECT_THAT(found(), HasSubstr(R"("verdict":"/api/v1/packages/)" + id + R"(/rescan")"));
  EXPECT_THAT(found(), HasSubstr(R"("nodes":["mme-1"])"));
  EXPECT_THAT(found(), HasSubstr(R"({"recalls":[])"));
  EXPECT_THAT(server_.ask("auditor", "GET", "/api/v1/audit").body,
              HasSubstr(R"("action":"RESCAN","object":"/vnfpkgm/v2/vnf_packages/)" + id +
                        R"(","outcome":"refused","code":"malware-found")"));
  // The next database knows better.
  looks_.says = ScriptedIntake::clean();
  ++looks_.known;
  rescan();
  EXPECT_THAT(shown(id), Not(HasSubstr("x-sallyport-finding")));
  EXPECT_THAT(found(), HasSubstr(R"("found":[])"));
}

TEST_F(Rescans, OtherFindingsAreShownAndAreNoMalware) {
  const auto id = server_.onboarded();
  looks_.says = Error(Code::certificate_expired, "signer", "valid", "over");
  rescan();
  EXPECT_THAT(shown(id), HasSubstr("urn:sallyport:problem:certificate-expired"));
  EXPECT_THAT(found(), HasSubstr(R"("found":[])"));
}

TEST_F(Rescans, AFaultIsNoAnswerAndIsTriedAgain) {
  const auto id = server_.onboarded();
  looks_.says = Error(Code::scanner_unreachable, "clamd");
  EXPECT_EQ(rescan(), Worked::on_a_package);
  EXPECT_EQ(rescan(), Worked::on_nothing);
  EXPECT_THAT(shown(id), Not(HasSubstr("x-sallyport-finding")));
  server_.clock.move(rescan_hold_seconds);
  looks_.says = ScriptedLooks::malware();
  EXPECT_EQ(rescan(), Worked::on_a_package);
  EXPECT_THAT(shown(id), HasSubstr("x-sallyport-finding"));
}

TEST_F(Rescans, AnotherFileThanTheOneThatWasOnboardedIsAFault) {
  const auto id = server_.onboarded("bytes");
  class Other final : public LooksAgain {
    Result<std::uint64_t> knowledge(Instant) override { return std::uint64_t{9}; }
    Result<Taken> look_again(const Content&, Instant) override {
      auto taken = ScriptedIntake::clean();
      taken.package = std::string(64, '0');
      return taken;
    }
  } other;
  EXPECT_EQ(rescan_one(server_.world, other, "one").value(), Worked::on_a_package);
  EXPECT_FALSE(server_.db->find_rescan(id).value());
}

}  // namespace
}  // namespace sallyport::server
