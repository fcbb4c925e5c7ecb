// SPDX-License-Identifier: Apache-2.0
// What nodes report, and what becomes of recalls.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/trust/recall.h"
#include "roles/server/nodes.h"
#include "roles/server/statements_for_test.h"
#include "roles/server/world_for_test.h"

namespace sallyport::server {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* path = "/api/v1/nodes/mme-1/report";

class Nodes : public testing::Test {
 protected:
  // From now on mme-1 has this key, or none.
  void register_key(const std::string& pem) {
    auto accounts = accounts_for_test();
    accounts.at(certificate_of("mme-1")).node_key = pem;
    server_.accounts.replace(std::move(accounts));
  }
  WebAnswer bring(const std::string& envelope) { return server_.ask("mme-1", "PUT", path, envelope); }
  std::string shown() { return server_.ask("auditor", "GET", "/api/v1/nodes/mme-1").body; }

  ServerWorld server_;
};

TEST_F(Nodes, AReportIsShownWithItsAgeAndSigner) {
  register_key(testkit::TestKey("mme-1-key").public_key().pem());
  ASSERT_EQ(bring(signed_report(report_for_test())).status, 204U);
  EXPECT_THAT(shown(), HasSubstr(R"("age_seconds":0,"old":false,"signature":"verified","key":")" +
                                 testkit::TestKey("mme-1-key").public_key().id().text() + "\""));
  EXPECT_THAT(shown(), HasSubstr(R"("use":"active")"));
  server_.clock.move(86401);
  EXPECT_THAT(shown(), HasSubstr(R"("age_seconds":86401,"old":true)"));
  EXPECT_EQ(server_.ask("auditor", "GET", "/api/v1/nodes").body,
            R"({"nodes":[)" + shown() + R"(],"last":"mme-1"})");
  EXPECT_EQ(server_.ask("auditor", "GET", path).body, signed_report(report_for_test()));
}

// What is said to be verified was verified, now, by the key that is registered now.
TEST_F(Nodes, Q12_OnlyTheRegisteredKeyVerifies) {
  ASSERT_EQ(bring(signed_report(report_for_test(), "stranger")).status, 204U);  // nobody knows its key
  EXPECT_THAT(shown(), HasSubstr(R"("signature":"no-key")"));
  EXPECT_THAT(shown(), Not(HasSubstr(R"("key")")));
  register_key(testkit::TestKey("mme-1-key").public_key().pem());
  EXPECT_THAT(shown(), HasSubstr(R"("signature":"other-key")"));
  auto later = report_for_test();
  later.time = later.time.plus(1);
  const auto refused = bring(signed_report(later, "stranger"));
  EXPECT_EQ(refused.status, 422U);
  EXPECT_THAT(refused.body, HasSubstr("urn:sallyport:problem:signature-invalid"));
  ASSERT_EQ(bring(signed_report(later)).status, 204U);
  EXPECT_THAT(shown(), HasSubstr(R"("signature":"verified")"));
  // Changed in the database.
  auto forged = later;
  forged.policy_version = 9;
  auto envelope = testkit::make_envelope(print_node_report(later), {"mme-1-key"}, node_report_payload_type);
  envelope.payload = copy(as_bytes(print_node_report(forged)));
  ASSERT_EQ(server_.db->put_report({"mme-1", print_envelope(envelope), 1, later.time.seconds() + 1}).value(),
            Changed::done);
  EXPECT_THAT(shown(), HasSubstr(R"("signature":"other-key")"));
  ASSERT_EQ(server_.db->put_report({"mme-1", "{", 1, later.time.seconds() + 2}).value(), Changed::done);
  EXPECT_THAT(shown(), HasSubstr(R"("signature":"unreadable")"));
}

TEST_F(Nodes, Q12_OthersNamesOldOnesAndTheFutureAreRefused) {
  register_key(testkit::TestKey("mme-1-key").public_key().pem());
  auto report = report_for_test();
  report.node = NodeId::parse("mme-2").value();
  EXPECT_EQ(bring(signed_report(report)).status, 403U);
  EXPECT_EQ(server_.ask("mme-1", "PUT", "/api/v1/nodes/mme-2/report", signed_report(report)).status, 403U);
  report = report_for_test();
  report.time = report.time.plus(301);
  EXPECT_THAT(bring(signed_report(report)).body, HasSubstr("clock-implausible"));
  report.time = report_for_test().time.plus(300);
  EXPECT_EQ(bring(signed_report(report)).status, 204U);
  EXPECT_EQ(bring(signed_report(report)).status, 204U);  // the same once more
  EXPECT_EQ(bring(signed_report(report_for_test())).status, 409U);
  // Another kind of signed text.
  const auto other = print_envelope(testkit::make_envelope(print_node_report(report), {"mme-1-key"}));
  EXPECT_THAT(bring(other).body, HasSubstr("statement-type-mismatch"));
  auto twice =
      testkit::make_envelope(print_node_report(report), {"mme-1-key", "bob-1"}, node_report_payload_type);
  EXPECT_THAT(bring(print_envelope(twice)).body, HasSubstr("envelope-malformed"));
}

TEST_F(Nodes, APackageThatANodeRunsIsInUse) {
  const auto id = server_.onboarded("bytes");
  const auto state = [&] { return server_.ask("vendor", "GET", ServerWorld::path(id)).body; };
  EXPECT_THAT(state(), HasSubstr(R"("usageState":"NOT_IN_USE")"));
  ASSERT_EQ(bring(signed_report(report_for_test("bytes"))).status, 204U);
  EXPECT_THAT(state(), HasSubstr(R"("usageState":"IN_USE")"));
  server_.ask("vendor", "PATCH", ServerWorld::path(id), R"({"operationalState":"DISABLED"})");
  EXPECT_EQ(server_.ask("vendor", "DELETE", ServerWorld::path(id)).status, 409U);
  auto report = report_for_test("bytes");
  report.time = report.time.plus(1);
  report.generations[0].use = GenerationUse::kept;
  ASSERT_EQ(bring(signed_report(report)).status, 204U);
  EXPECT_EQ(server_.ask("vendor", "DELETE", ServerWorld::path(id)).status, 204U);
}

struct Recalls {
  std::string payload = print_recall(recall_for_test());
  std::string path = "/api/v1/recalls/" + sha256(as_bytes(payload)).text();
  std::string signed_by(const std::vector<std::string>& keys) const {
    return std::string(as_text(testkit::sign_statement(payload, keys)));
  }
};

TEST(ServerRecalls, AreCollectedAndFetchedByNodes) {
  ServerWorld server;
  const Recalls recalls;
  ASSERT_EQ(server.ask("alice", "PUT", recalls.path, recalls.signed_by({"alice-1"})).status, 201U);
  EXPECT_EQ(server.ask("alice", "PUT", recalls.path, recalls.signed_by({"alice-1"})).status, 200U);
  EXPECT_THAT(server.ask("mme-1", "GET", "/api/v1/recalls").body, HasSubstr(R"("standing":"open")"));
  for (const std::string who : {"bob", "carol"})
    ASSERT_EQ(server.ask(who, "POST", recalls.path + "/approvals", recalls.signed_by({"alice-1", who + "-1"}))
                  .status,
              200U);
  EXPECT_THAT(server.ask("mme-1", "GET", "/api/v1/recalls").body,
              HasSubstr(R"("pool":"mme-east","sequence":1,"proposer":"alice","time":"2026-11-21T22:00:00Z",)"
                        R"("contents":0,"packages":1,"reason":"malware","standing":"granted"})"));
  const auto whole = server.ask("mme-1", "GET", recalls.path);
  EXPECT_TRUE(trust::recall(as_bytes(whole.body), server.policy, testkit::test_time()).ok());
}

TEST(ServerRecalls, Q03_NobodyBringsSignaturesOfOthersOrWhatIsNoRecall) {
  ServerWorld server;
  const Recalls recalls;
  const auto put = [&](const std::string& who, const std::string& body) {
    return server.ask(who, "PUT", recalls.path, body).status;
  };
  EXPECT_EQ(put("bob", recalls.signed_by({"bob-1"})), 403U);    // the role
  EXPECT_EQ(put("alice", recalls.signed_by({"bob-1"})), 403U);  // the person
  EXPECT_EQ(put("alice", recalls.signed_by({"mallory"})), 403U);
  auto envelope = testkit::make_envelope(recalls.payload, {"alice-1"});
  envelope.signatures[0].signature[0] ^= 1U;
  EXPECT_EQ(put("alice", print_envelope(envelope)), 422U);
  EXPECT_EQ(
      server.ask("alice", "PUT", "/api/v1/recalls/" + std::string(64, '0'), recalls.signed_by({"alice-1"}))
          .status,
      422U);
  const auto order = print_order(testkit::make_order(server.policy, testkit::make_verdict(server.policy)));
  EXPECT_EQ(server
                .ask("alice", "PUT", "/api/v1/recalls/" + sha256(as_bytes(order)).text(),
                     std::string(as_text(testkit::sign_statement(order, {"alice-1"}))))
                .status,
            422U);
  ASSERT_EQ(put("alice", recalls.signed_by({"alice-1"})), 201U);
  EXPECT_EQ(server.ask("bob", "POST", recalls.path + "/approvals", recalls.signed_by({"alice-1", "carol-1"}))
                .status,
            403U);
  EXPECT_EQ(
      server.ask("bob", "POST", recalls.path + "/approvals", recalls.signed_by({"alice-1", "bob-1"})).status,
      200U);
  EXPECT_EQ(
      server.ask("bob", "POST", recalls.path + "/approvals", recalls.signed_by({"alice-1", "bob-2"})).status,
      422U);
  // None is ever taken away.
  EXPECT_EQ(server.ask("officer", "DELETE", recalls.path).status, 405U);
}

}  // namespace
}  // namespace sallyport::server
