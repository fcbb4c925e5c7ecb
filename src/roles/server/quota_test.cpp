// SPDX-License-Identifier: Apache-2.0
// What an account may have on the server, at every way that something comes in and goes.
#include "roles/server/quota.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "roles/server/fetch.h"
#include "roles/server/packages.h"
#include "roles/server/settings.h"
#include "roles/server/sweep.h"
#include "roles/server/world_for_test.h"

namespace sallyport::server {
namespace {

using testing::HasSubstr;
using testing::Not;

class Quotas : public testing::Test {
 protected:
  Quotas() { server_.world.quota.bytes_max = 100; }

  unsigned put(const std::string& id, std::size_t size) {
    return server_.put(id, std::string(size, 'x')).status;
  }
  // A body that has begun, and says how much it will be or does not.
  std::unique_ptr<WebBody> begun(const std::string& id, std::optional<std::uint64_t> announced) {
    auto begun = server_.service.begin({"PUT",
                                        ServerWorld::path(id) + "/package_content",
                                        {{"version", "2.0.0"}, {"content-type", "application/zip"}},
                                        {"192.0.2.1", certificate_of("vendor")},
                                        announced});
    return std::move(std::get<std::unique_ptr<WebBody>>(begun));
  }
  std::uint64_t bytes(const std::string& of = "vendor") {
    for (const auto& usage : server_.db->count().value().usage)
      if (usage.account == of) return usage.bytes;
    return 0;
  }
  std::string events() { return server_.ask("auditor", "GET", "/api/v1/audit").body; }

  ServerWorld server_;
};

TEST_F(Quotas, AnAccountCreatesSoManyPackages) {
  server_.world.quota.packages_max = 2;
  const auto first = server_.created();
  server_.created();
  const auto refused = server_.ask("vendor", "POST", ServerWorld::packages, "{}");
  EXPECT_EQ(refused.status, 403U);
  EXPECT_THAT(refused.body, HasSubstr("urn:sallyport:problem:packages-max-reached"));
  EXPECT_THAT(events(), HasSubstr(R"("outcome":"refused","code":"packages-max-reached")"));
  EXPECT_EQ(server_.ask("other", "POST", ServerWorld::packages, "{}").status, 201U);
  EXPECT_EQ(server_.ask("vendor", "DELETE", ServerWorld::path(first)).status, 204U);
  EXPECT_EQ(server_.ask("vendor", "POST", ServerWorld::packages, "{}").status, 201U);
}

TEST_F(Quotas, AnAccountStoresSoManyBytes) {
  const auto first = server_.created();
  const auto second = server_.created();
  EXPECT_EQ(put(first, 60), 202U);
  const auto refused = server_.put(second, std::string(41, 'x'));
  EXPECT_EQ(refused.status, 413U);
  EXPECT_THAT(refused.body, HasSubstr("urn:sallyport:problem:bytes-max-reached"));
  EXPECT_THAT(refused.body, HasSubstr("bytes_max of the account is 100; its other packages have 60"));
  EXPECT_THAT(events(), HasSubstr(R"("outcome":"refused","code":"bytes-max-reached")"));
  EXPECT_EQ(server_.state(second), "CREATED");
  EXPECT_EQ(put(second, 40), 202U);
  EXPECT_EQ(bytes(), 100U);
}

TEST_F(Quotas, WhatIsDeletedIsFreeAgain) {
  const auto first = server_.created();
  server_.intake.says = Error(Code::malware_found, "a");
  EXPECT_EQ(put(first, 100), 202U);
  server_.process();
  EXPECT_EQ(server_.state(first), "ERROR");
  EXPECT_EQ(bytes(), 100U);  // what was refused is still there
  const auto second = server_.created();
  EXPECT_EQ(put(second, 1), 413U);
  EXPECT_EQ(server_.ask("vendor", "DELETE", ServerWorld::path(first)).status, 204U);
  EXPECT_EQ(put(second, 100), 202U);
}

// Two that begin at the same time do not fill the room of one.
TEST_F(Quotas, AnUploadHasTheRoomForItsWholeFromTheBeginning) {
  const auto first = server_.created();
  const auto second = server_.created();
  auto body = begun(first, 60);
  EXPECT_EQ(bytes(), 60U);
  EXPECT_EQ(put(second, 41), 413U);
  EXPECT_FALSE(body->take(as_bytes(std::string(60, 'x'))));
  EXPECT_EQ(body->finish().status, 202U);
  EXPECT_EQ(put(second, 40), 202U);
}

TEST_F(Quotas, OneThatBrokeOffKeepsItsRoomUntilItIsGivenUp) {
  const auto first = server_.created();
  const auto second = server_.created();
  auto body = begun(first, 60);
  EXPECT_FALSE(body->take(as_bytes("some")));
  body.reset();
  EXPECT_EQ(bytes(), 60U);
  EXPECT_EQ(put(second, 41), 413U);
  server_.clock.move(kept_seconds);
  EXPECT_EQ(sweep(server_.world).value().uploads, 1U);
  EXPECT_EQ(bytes(), 0U);
  EXPECT_EQ(put(second, 100), 202U);
}

TEST_F(Quotas, OneThatGoesOnFindsTheRoomThatItBeganWith) {
  const auto first = server_.created();
  const std::string whole(60, 'x');
  EXPECT_EQ(server_.put_part(first, whole, 0, 20).status, 204U);
  EXPECT_EQ(put(server_.created(), 40), 202U);
  EXPECT_EQ(server_.put_part(first, whole, 20, 40).status, 202U);
  EXPECT_EQ(bytes(), 100U);
}

TEST_F(Quotas, OneOfWhichNothingCameHasNoRoom) {
  const auto first = server_.created();
  begun(first, 60).reset();
  EXPECT_EQ(bytes(), 0U);
}

// What was refused after an upload had broken off takes nothing from it.
TEST_F(Quotas, APartThatIsRefusedLeavesTheRoomAsItWas) {
  const auto first = server_.created();
  const std::string whole(60, 'x');
  EXPECT_EQ(server_.put_part(first, whole, 0, 20).status, 204U);
  EXPECT_EQ(server_.put_part(first, whole, 30, 30).status, 409U);
  EXPECT_EQ(bytes(), 60U);
  EXPECT_EQ(put(first, 101), 413U);
  EXPECT_EQ(bytes(), 60U);
  EXPECT_EQ(server_.offset(first), "20");
}

TEST_F(Quotas, WhatHasNoLengthEndsWhereTheRoomEnds) {
  const auto first = server_.created();
  const auto second = server_.created();
  auto body = begun(first, std::nullopt);
  EXPECT_FALSE(body->take(as_bytes(std::string(60, 'x'))));
  EXPECT_EQ(put(second, 41), 413U);
  EXPECT_FALSE(body->take(as_bytes(std::string(40, 'x'))));
  const auto said = body->take(as_bytes("x"));
  ASSERT_TRUE(said);
  EXPECT_EQ(said->status, 413U);
  body.reset();
  EXPECT_EQ(bytes(), 0U);
  EXPECT_EQ(server_.offset(first), "0");
  EXPECT_EQ(put(second, 100), 202U);
}

TEST_F(Quotas, WhatHasNoLengthCountsAsWhatItIsAtItsEnd) {
  const auto first = server_.created();
  auto body = begun(first, std::nullopt);
  EXPECT_FALSE(body->take(as_bytes("12345")));
  EXPECT_EQ(body->finish().status, 202U);
  EXPECT_EQ(bytes(), 5U);
}

TEST_F(Quotas, AServerThatWasKilledLeavesWhatItHadReserved) {
  const auto first = server_.created();
  auto body = begun(first, 60);
  EXPECT_FALSE(body->take(as_bytes("some")));
  server_.kill(*server_.db->find_package(first).value(), body.release());
  EXPECT_EQ(bytes(), 60U);
  server_.clock.move(upload_seconds_max + abandoned_seconds);
  EXPECT_EQ(sweep(server_.world).value().packages, 1U);
  EXPECT_EQ(bytes(), 0U);  // of what it had, nothing was on the disk for sure
}

TEST_F(Quotas, ContentThatIsNotTheNamedOneHasNoRoom) {
  const auto first = server_.created();
  const std::string of_nothing = "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:";
  EXPECT_EQ(server_
                .ask("vendor", "PUT", ServerWorld::path(first) + "/package_content", "x",
                     {{"content-type", "application/zip"}, {"repr-digest", of_nothing}})
                .status,
            422U);
  EXPECT_EQ(bytes(), 0U);
}

TEST_F(Quotas, WhatIsFetchedCountsAsWhatIsUploaded) {
  const std::string url = "https://files.example/a.csar";
  server_.world.fetcher = &server_.fetcher;
  server_.fetcher.files.emplace(url, std::string(60, 'x'));
  const auto asked = [&] {
    auto id = server_.created();
    EXPECT_EQ(server_
                  .ask("vendor", "POST", ServerWorld::path(id) + "/package_content/upload_from_uri",
                       R"({"addressInformation":")" + url + "\"}")
                  .status,
              202U);
    EXPECT_EQ(fetch_one(
                  server_.world, "fetcher", [](const std::string&) {}, [] { return true; })
                  .value(),
              Worked::on_a_package);
    return id;
  };
  EXPECT_EQ(server_.state(asked()), "PROCESSING");
  EXPECT_EQ(bytes(), 60U);
  const auto second = asked();
  EXPECT_EQ(server_.state(second), "ERROR");
  EXPECT_THAT(server_.db->find_package(second).value()->failure,
              HasSubstr("urn:sallyport:problem:bytes-max-reached"));
  EXPECT_EQ(bytes(), 60U);
  EXPECT_THAT(server_.data.list("uploads").value(), testing::IsEmpty());
  EXPECT_THAT(events(), HasSubstr(R"("outcome":"refused","code":"bytes-max-reached","detail":"account: )"));
}

// An account's own quota goes before that of everybody.
TEST_F(Quotas, AnAccountsOwnQuotaCounts) {
  auto accounts = *server_.accounts.now();
  accounts.at(certificate_of("vendor")).quota = {1, 200};
  server_.accounts.replace(accounts);
  const auto first = server_.created();
  EXPECT_EQ(server_.ask("vendor", "POST", ServerWorld::packages, "{}").status, 403U);
  EXPECT_EQ(put(first, 201), 413U);
  EXPECT_EQ(put(first, 200), 202U);
  const auto metrics = server_.ask("monitor", "GET", "/metrics").body;
  EXPECT_THAT(metrics, HasSubstr("sallyport_server_account_packages{account=\"vendor\"} 1"));
  EXPECT_THAT(metrics, HasSubstr("sallyport_server_account_packages_max{account=\"vendor\"} 1"));
  EXPECT_THAT(metrics, HasSubstr("sallyport_server_account_bytes{account=\"vendor\"} 200"));
  EXPECT_THAT(metrics, HasSubstr("sallyport_server_account_bytes_max{account=\"vendor\"} 200"));
  EXPECT_THAT(metrics, Not(HasSubstr("account=\"other\"")));
}

TEST_F(Quotas, WithoutOneNobodyIsRefused) {
  server_.world.quota = {};
  EXPECT_EQ(put(server_.created(), 1000), 202U);
  const auto metrics = server_.ask("monitor", "GET", "/metrics").body;
  EXPECT_THAT(metrics, HasSubstr("sallyport_server_account_bytes{account=\"vendor\"} 1000"));
  EXPECT_THAT(metrics, Not(HasSubstr("_max{")));
}

}  // namespace
}  // namespace sallyport::server
