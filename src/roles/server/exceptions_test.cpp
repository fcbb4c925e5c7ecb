// SPDX-License-Identifier: Apache-2.0
// Exceptions for findings as they are brought, and what intake is given of them.
#include "roles/server/exceptions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "roles/server/statements_for_test.h"
#include "roles/server/world_for_test.h"

namespace sallyport::server {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class Exceptions : public testing::Test {
 protected:
  static std::string path_of(const ScanException& exception) {
    return "/api/v1/exceptions/" + sha256(as_bytes(print_scan_exception(exception))).text();
  }
  static std::string by(const ScanException& exception, const std::vector<std::string>& keys) {
    return std::string(as_text(testkit::sign_statement(print_scan_exception(exception), keys)));
  }
  // alice is the deployer, the others approve.
  WebAnswer put(const ScanException& exception, const std::string& body) {
    return server_.ask("alice", "PUT", path_of(exception), body);
  }
  WebAnswer approve(const std::string& who, const ScanException& exception, const std::string& body) {
    return server_.ask(who, "POST", path_of(exception) + "/approvals", body);
  }
  void bring_approved(const ScanException& exception) {
    ASSERT_EQ(put(exception, by(exception, {"alice-1"})).status, 201U);
    ASSERT_EQ(approve("bob", exception, by(exception, {"alice-1", "bob-1"})).status, 200U);
    ASSERT_EQ(approve("carol", exception, by(exception, {"alice-1", "carol-1"})).status, 200U);
  }
  std::string list() { return server_.ask("mme-1", "GET", "/api/v1/exceptions").body; }
  std::string shown(const std::string& id) {
    return server_.ask("vendor", "GET", ServerWorld::path(id)).body;
  }
  std::string last_event() { return server_.db->list_audit(0, 1000).value().back().detail; }

  ServerWorld server_;
  ScanException helper_ = exception_for_test();
};

TEST_F(Exceptions, AreCollectedAndGivenToIntakeWithAllSignatures) {
  ASSERT_EQ(put(helper_, by(helper_, {"alice-1"})).status, 201U);
  EXPECT_EQ(put(helper_, by(helper_, {"alice-1"})).status, 200U);  // it is there once
  EXPECT_THAT(list(), HasSubstr(R"("signature":"Generic.Helper-1","pool":"mme-east")"));
  EXPECT_THAT(list(), HasSubstr(R"("standing":"open")"));
  ASSERT_EQ(approve("bob", helper_, by(helper_, {"alice-1", "bob-1"})).status, 200U);
  ASSERT_EQ(approve("carol", helper_, by(helper_, {"alice-1", "carol-1"})).status, 200U);
  EXPECT_THAT(list(), HasSubstr(R"("over":false)"));
  EXPECT_THAT(list(), HasSubstr(R"("standing":"granted")"));
  const auto whole = server_.ask("bob", "GET", path_of(helper_)).body;
  EXPECT_EQ(whole, by(helper_, {"alice-1", "bob-1", "carol-1"}));
  server_.onboarded();
  EXPECT_THAT(server_.intake.exceptions, ElementsAre(whole));
}

TEST_F(Exceptions, WhatCouldNeverCountIsKeptOut) {
  const auto refused = [&](const std::string& body, const std::string& code) {
    const auto answer = put(helper_, body);
    EXPECT_EQ(answer.status, 422U) << code;
    EXPECT_THAT(answer.body, HasSubstr("urn:sallyport:problem:" + code + "\""));
  };
  auto other = helper_;
  other.reason = "another one";
  refused(by(other, {"alice-1"}), "digest-mismatch");
  auto envelope = testkit::make_envelope(print_scan_exception(helper_), {"alice-1"});
  envelope.signatures[0].signature[5] ^= 1U;
  refused(print_envelope(envelope), "order-signature-invalid");
  envelope.signatures.clear();
  refused(print_envelope(envelope), "envelope-malformed");
  refused("{}", "envelope-malformed");
  refused("", "envelope-malformed");
  // By whoever is no person of the policy, and by another person than the account's.
  EXPECT_EQ(put(helper_, by(helper_, {"mallory-1"})).status, 403U);
  EXPECT_EQ(put(helper_, by(helper_, {"bob-1"})).status, 403U);
  EXPECT_EQ(put(helper_, std::string(exception_size_max + 1, ' ')).status, 413U);
  // Another statement.
  const auto recall = print_recall(recall_for_test());
  const auto answer = server_.ask("alice", "PUT", "/api/v1/exceptions/" + sha256(as_bytes(recall)).text(),
                                  std::string(as_text(testkit::sign_statement(recall, {"alice-1"}))));
  EXPECT_EQ(answer.status, 422U);
  EXPECT_THAT(answer.body, HasSubstr("statement-type-mismatch"));
  EXPECT_THAT(list(), HasSubstr(R"("exceptions":[])"));
}

// Nor the part of it that would have been taken.
TEST_F(Exceptions, OfWhatIsRefusedNothingIsKept) {
  ASSERT_EQ(put(helper_, by(helper_, {"alice-1"})).status, 201U);
  EXPECT_EQ(approve("bob", helper_, by(helper_, {"alice-1", "bob-1", "carol-1"})).status, 403U);
  auto envelope = testkit::make_envelope(print_scan_exception(helper_), {"alice-1", "bob-1", "bob-1"});
  envelope.signatures[2].signature[5] ^= 1U;
  EXPECT_EQ(approve("bob", helper_, print_envelope(envelope)).status, 422U);
  EXPECT_EQ(server_.ask("bob", "GET", path_of(helper_)).body, by(helper_, {"alice-1"}));
}

TEST_F(Exceptions, ThatAreOverCanBeRefusedAndNothingElse) {
  auto over = helper_;
  over.until = over.time.plus(60);
  ASSERT_EQ(put(over, by(over, {"alice-1"})).status, 201U);
  server_.clock.move(60);
  EXPECT_THAT(approve("bob", over, by(over, {"alice-1", "bob-1"})).body, HasSubstr("scan-exception-invalid"));
  auto refusal = testkit::make_envelope(print_scan_exception(over), {"alice-1"});
  testkit::add_signature(refusal, "bob-1", refusal_payload_type);
  EXPECT_EQ(approve("bob", over, print_envelope(refusal)).status, 200U);
  EXPECT_THAT(list(), HasSubstr(R"("over":true)"));
  EXPECT_THAT(list(), HasSubstr(R"("standing":"vetoed")"));
  auto later = over;
  later.reason = "brought too late";
  EXPECT_THAT(put(later, by(later, {"alice-1"})).body, HasSubstr("scan-exception-invalid"));
}

// Intake says why, for a month; then nobody asks any more.
TEST_F(Exceptions, ThatAreLongOverAreNotGivenToIntake) {
  bring_approved(helper_);
  server_.clock.move(86400 + told_when_over_seconds);
  server_.onboarded("one");
  EXPECT_EQ(server_.intake.exceptions.size(), 1U);
  server_.clock.move(1);
  server_.onboarded("two");
  EXPECT_THAT(server_.intake.exceptions, IsEmpty());
}

// What somebody has put into the database keeps no other one from intake.
TEST_F(Exceptions, ThatAreNoneAreLeftOut) {
  const auto until = helper_.until.seconds();
  ASSERT_EQ(server_.db->add_exception({0, "d1", until, "x", "no envelope", 1}).value(), Changed::done);
  bring_approved(helper_);
  server_.onboarded();
  EXPECT_EQ(server_.intake.exceptions.size(), 1U);
  EXPECT_THAT(
      list(),
      HasSubstr(R"("digest":"d1","brought":"1970-01-01T00:00:01Z","standing":"envelope-malformed"})"));
  EXPECT_THAT(list(), HasSubstr(R"("standing":"granted")"));
}

TEST_F(Exceptions, APackageInErrorIsTakenInAgain) {
  auto taken = ScriptedIntake::clean();
  taken.not_clean = Error(Code::malware_found, "usr/bin/helper", "no malware", "Generic.Helper-1");
  taken.uncounted = "exception 1a does not count: approvals-missing";
  server_.intake.says = taken;
  const auto id = server_.onboarded();
  const auto again = "/api/v1/packages/" + id + "/intake";
  EXPECT_THAT(shown(id), HasSubstr("Generic.Helper-1; exception 1a does not count: approvals-missing"));
  EXPECT_EQ(last_event(), "usr/bin/helper: Generic.Helper-1; " + taken.uncounted);

  EXPECT_EQ(server_.ask("other", "POST", again).status, 404U);
  EXPECT_EQ(server_.ask("vendor", "POST", again).status, 202U);
  EXPECT_EQ(server_.state(id), "PROCESSING");
  EXPECT_THAT(shown(id), Not(HasSubstr("onboardingFailureDetails")));
  EXPECT_EQ(server_.ask("vendor", "GET", "/api/v1/packages/" + id + "/verdict").status, 200U);
  EXPECT_EQ(server_.ask("vendor", "POST", again).status, 409U);
  taken = ScriptedIntake::clean();
  taken.exceptions = {"1a", "2b"};
  server_.intake.says = taken;
  server_.process();
  EXPECT_THAT(shown(id), HasSubstr(R"("onboardingState":"ONBOARDED")"));
  EXPECT_THAT(shown(id), HasSubstr(R"("x-sallyport-exceptions":["1a","2b"])"));
  EXPECT_EQ(last_event(), "clean by exception 1a exception 2b");
  EXPECT_EQ(server_.ask("officer", "POST", again).status, 409U);
}

// Whoever has his taken in again and again keeps nobody's from being taken in.
TEST_F(Exceptions, WhatIsTakenInAgainComesBehindWhatIsNew) {
  auto taken = ScriptedIntake::clean();
  taken.not_clean = Error(Code::malware_found, "usr/bin/helper", "no malware", "Generic.Helper-1");
  server_.intake.says = taken;
  const auto old = server_.onboarded("old");
  const auto younger = server_.processing("younger");
  EXPECT_EQ(server_.ask("vendor", "POST", "/api/v1/packages/" + old + "/intake").status, 202U);
  server_.intake.says = ScriptedIntake::clean();
  server_.process();
  EXPECT_EQ(server_.state(younger), "ONBOARDED");
  EXPECT_EQ(server_.state(old), "PROCESSING");
}

// There is nothing to be read again.
TEST_F(Exceptions, APackageThatWasNotFetchedIsNotTakenInAgain) {
  const auto id = server_.created();
  auto package = *server_.db->find_package(id).value();
  package.state = Onboarding::error;
  ASSERT_EQ(server_.db->change_package(package, Happened::nothing).value(), Changed::done);
  EXPECT_EQ(server_.ask("officer", "POST", "/api/v1/packages/" + id + "/intake").status, 409U);
  EXPECT_EQ(server_.state(id), "ERROR");
}

}  // namespace
}  // namespace sallyport::server
