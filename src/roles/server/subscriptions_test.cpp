// SPDX-License-Identifier: Apache-2.0
#include "roles/server/subscriptions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "roles/server/notification_filter.h"
#include "roles/server/notify.h"
#include "roles/server/world_for_test.h"

namespace sallyport::server {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

constexpr const char* url = "https://nfvo.example/told";

class Subscriptions : public testing::Test {
 protected:
  Subscriptions() { server_.callbacks.answers.emplace(url, 204U); }
  WebAnswer subscribe(const std::string& who, const std::string& filter = "{}", const std::string& to = url) {
    return server_.ask(who, "POST", std::string(subscriptions_path),
                       R"({"filter":)" + filter + R"(,"callbackUri":")" + to + "\"}");
  }
  std::string id_of(const WebAnswer& answer) {
    const auto location = ServerWorld::header_of(answer, "Location");
    return location.substr(location.rfind('/') + 1);
  }
  void work() {
    for (int i = 0; i < 100; ++i) {
      const auto spread = spread_one(server_.world).value();
      const auto delivered = deliver_one(server_.world, "me").value();
      if (spread == Worked::on_nothing && delivered == Worked::on_nothing) return;
    }
    FAIL() << "does not come to an end";
  }
  std::vector<std::string> told() {
    work();
    std::vector<std::string> all;
    for (const auto& [to, body] : server_.callbacks.sent) all.push_back(body);
    server_.callbacks.sent.clear();
    return all;
  }
  void answer(Result<unsigned> with) { server_.callbacks.answers.insert_or_assign(url, std::move(with)); }

  ServerWorld server_;
};

TEST_F(Subscriptions, TellWhatBecomesOfAPackage) {
  const auto subscribed = subscribe("officer");
  ASSERT_EQ(subscribed.status, 201U) << subscribed.body;
  EXPECT_THAT(subscribed.body, HasSubstr(R"("filter":{},"callbackUri":"https://nfvo.example/told")"));
  const auto id = server_.onboarded();
  auto all = told();
  ASSERT_THAT(all, SizeIs(1));
  EXPECT_THAT(all[0],
              HasSubstr(R"("notificationType":"VnfPackageOnboardingNotification","subscriptionId":")" +
                        id_of(subscribed)));
  EXPECT_THAT(all[0], HasSubstr(R"("timeStamp":"2026-11-21T22:00:00Z","vnfPkgId":")" + id +
                                R"(","vnfdId":")" + std::string(64, 'a')));
  EXPECT_THAT(told(), IsEmpty());  // once
  server_.ask("vendor", "PATCH", ServerWorld::path(id), R"({"operationalState":"DISABLED"})");
  server_.ask("vendor", "PATCH", ServerWorld::path(id), R"({"userDefinedData":{"a":"b"}})");
  server_.ask("vendor", "DELETE", ServerWorld::path(id));
  all = told();
  ASSERT_THAT(all, SizeIs(2));
  EXPECT_THAT(all[0], HasSubstr(R"("changeType":"OP_STATE_CHANGE","operationalState":"DISABLED")"));
  EXPECT_THAT(all[1], HasSubstr(R"("notificationType":"VnfPackageChangeNotification")"));
  EXPECT_THAT(all[1], HasSubstr(R"("changeType":"PKG_DELETE")"));
}

TEST_F(Subscriptions, AreTriedBeforeTheyAreTaken) {
  for (const unsigned status : {200U, 404U, 500U}) {
    answer(status);
    EXPECT_THAT(subscribe("officer").body, HasSubstr("urn:sallyport:problem:callback-test-failed")) << status;
  }
  answer(Error(Code::server_redirects, url));
  const auto refused = subscribe("officer");
  EXPECT_EQ(refused.status, 422U);
  EXPECT_THAT(refused.body, HasSubstr("server-redirects"));
  const auto unlisted = subscribe("officer", "{}", "https://169.254.169.254/latest");
  EXPECT_EQ(unlisted.status, 422U);
  EXPECT_THAT(unlisted.body, HasSubstr("urn:sallyport:problem:url-not-allowed"));
  EXPECT_EQ(server_.ask("officer", "GET", std::string(subscriptions_path)).body, "[]");
}

TEST_F(Subscriptions, BelongToTheirAccount) {
  const auto path = std::string(subscriptions_path) + "/" + id_of(subscribe("vendor"));
  EXPECT_EQ(server_.ask("vendor", "GET", path).status, 200U);
  EXPECT_EQ(server_.ask("auditor", "GET", path).status, 200U);
  EXPECT_EQ(server_.ask("other", "GET", path).status, 404U);
  EXPECT_EQ(server_.ask("other", "DELETE", path).status, 404U);
  EXPECT_EQ(server_.ask("other", "GET", std::string(subscriptions_path)).body, "[]");
  EXPECT_EQ(server_.ask("mme-1", "GET", path).status, 403U);
  const auto again = subscribe("vendor");
  EXPECT_EQ(again.status, 303U);
  EXPECT_EQ(ServerWorld::header_of(again, "Location"), path);
  EXPECT_EQ(subscribe("other").status, 201U);
  EXPECT_EQ(server_.ask("vendor", "DELETE", path).status, 204U);
  EXPECT_EQ(server_.ask("vendor", "GET", path).status, 404U);
  for (unsigned i = 0; i < subscriptions_max; ++i)
    EXPECT_EQ(subscribe("vendor", R"({"vnfdId":[")" + std::to_string(i) + "\"]}").status, 201U);
  EXPECT_EQ(subscribe("vendor").status, 409U);
}

// Q03: nobody is told of what it may not see, whatever it subscribed to.
TEST_F(Subscriptions, Q03_TellNobodyOfOthersPackages) {
  ASSERT_EQ(subscribe("other").status, 201U);
  server_.onboarded();
  EXPECT_THAT(told(), IsEmpty());
  ASSERT_EQ(subscribe("vendor").status, 201U);
  server_.onboarded();
  EXPECT_THAT(told(), SizeIs(1));
  // An account that is gone is told nothing any more, and holds nothing.
  server_.onboarded();
  ASSERT_EQ(spread_one(server_.world).value(), Worked::on_a_package);
  auto accounts = accounts_for_test();
  accounts.erase(certificate_of("vendor"));
  server_.accounts.replace(std::move(accounts));
  EXPECT_THAT(told(), IsEmpty());
  EXPECT_EQ(server_.db->count().value().subscriptions, 1U);
  EXPECT_EQ(server_.db->count().value().notifications, 0U);
}

TEST_F(Subscriptions, AreTriedAgainWithLongerAndLongerPauses) {
  ASSERT_EQ(subscribe("officer").status, 201U);
  answer(503U);
  server_.onboarded();
  EXPECT_THAT(told(), IsEmpty());
  EXPECT_EQ(server_.live.failed, 1U);
  work();
  EXPECT_EQ(server_.live.failed, 1U);  // not at once
  server_.clock.move(pause_after(1));
  work();
  EXPECT_EQ(server_.live.failed, 2U);
  server_.clock.move(pause_after(1));
  work();
  EXPECT_EQ(server_.live.failed, 2U);
  server_.clock.move(pause_after(2));
  answer(204U);
  EXPECT_THAT(told(), SizeIs(1));
  EXPECT_EQ(pause_after(1), 10);
  EXPECT_EQ(pause_after(2), 20);
  EXPECT_EQ(pause_after(1000000), 3600);
}

// An address that sends somewhere else has taken nothing.
TEST_F(Subscriptions, OnlyAnAnswerOfSuccessHasArrived) {
  ASSERT_EQ(subscribe("officer").status, 201U);
  server_.onboarded();
  std::uint64_t tries = 0;
  for (const unsigned status : {199U, 300U, 302U, 304U, 404U}) {
    answer(status);
    work();
    EXPECT_EQ(server_.live.failed, ++tries) << status;
    EXPECT_EQ(server_.db->count().value().notifications, 1U) << status;
    server_.clock.move(pause_after(tries));
  }
  answer(200U);
  work();
  EXPECT_EQ(server_.db->count().value().notifications, 0U);
}

TEST_F(Subscriptions, AreGivenUpAfterADay) {
  ASSERT_EQ(subscribe("officer").status, 201U);
  answer(Error(Code::server_unreachable, url));
  server_.onboarded();
  work();
  server_.clock.move(notification_seconds_max);
  work();
  EXPECT_EQ(server_.db->count().value().notifications, 0U);
  EXPECT_THAT(server_.ask("auditor", "GET", "/api/v1/audit").body, HasSubstr("nobody took it for a day"));
}

TEST_F(Subscriptions, AQueueHasAnEnd) {
  ASSERT_EQ(subscribe("officer").status, 201U);
  answer(503U);
  const auto id = server_.onboarded();
  for (std::uint32_t i = 0; i <= notifications_max / 100; ++i) {
    PackageRecord gone = *server_.db->find_package(id).value();
    for (int n = 0; n < 100; ++n) {
      gone.number = 0;
      gone.id = std::to_string(i) + "-" + std::to_string(n);
      gone.revision = 1;
      ASSERT_TRUE(server_.db->add_package(gone).ok());
      ASSERT_EQ(server_.db->remove_package(gone).value(), Changed::done);
      ASSERT_EQ(spread_one(server_.world).value(), Worked::on_a_package);
    }
  }
  EXPECT_EQ(server_.db->count().value().notifications, notifications_max);
  EXPECT_THAT(server_.ask("auditor", "GET", "/api/v1/audit").body, HasSubstr("too many wait"));
}

TEST_F(Subscriptions, TakeWhatTheirFilterTakes) {
  EventRecord event;
  event.what = Happened::onboarded;
  event.package = "p1";
  event.release = "r1";
  event.provider = "acme";
  event.product = "mme";
  event.version = "1.0";
  const auto takes = [&](const std::string& filter) {
    return parse_notification_filter(as_bytes(filter)).value().takes(event);
  };
  for (
      const auto* filter :
      {"{}", R"({"notificationTypes":["VnfPackageOnboardingNotification"]})", R"({"vnfdId":["r0","r1"]})",
       R"({"vnfPkgId":["p1"]})", R"({"vnfProductsFromProviders":[{"vnfProvider":"acme"}]})",
       R"({"vnfProductsFromProviders":[{"vnfProvider":"x"},{"vnfProvider":"acme","vnfProducts":[{"vnfProductName":"mme","versions":[{"vnfSoftwareVersion":"1.0","vnfdVersions":["1.0"]}]}]}]})"})
    EXPECT_TRUE(takes(filter)) << filter;
  for (
      const auto* filter :
      {R"({"notificationTypes":["VnfPackageChangeNotification"]})", R"({"vnfdId":["r0"]})",
       R"({"vnfPkgId":["p2"]})", R"({"operationalState":["ENABLED"]})",
       R"({"vnfProductsFromProviders":[{"vnfProvider":"other"}]})",
       R"({"vnfProductsFromProviders":[{"vnfProvider":"acme","vnfProducts":[{"vnfProductName":"hss"}]}]})",
       R"({"vnfProductsFromProviders":[{"vnfProvider":"acme","vnfProducts":[{"vnfProductName":"mme","versions":[{"vnfSoftwareVersion":"2.0"}]}]}]})",
       R"({"vnfProductsFromProviders":[{"vnfProvider":"acme","vnfProducts":[{"vnfProductName":"mme","versions":[{"vnfSoftwareVersion":"1.0","vnfdVersions":["2"]}]}]}]})"})
    EXPECT_FALSE(takes(filter)) << filter;
  event.what = Happened::disabled;
  EXPECT_TRUE(takes(R"({"operationalState":["DISABLED"]})"));
  EXPECT_FALSE(takes(R"({"operationalState":["ENABLED"]})"));
  EXPECT_FALSE(takes(R"({"notificationTypes":["VnfPackageOnboardingNotification"]})"));
}

TEST_F(Subscriptions, AreReadStrictly) {
  for (
      const auto* body :
      {"{}", "[]", R"({"callbackUri":1})", R"({"callbackUri":"x","filter":[]})",
       R"({"callbackUri":"x","filter":{"usageState":["IN_USE"]}})",
       R"({"callbackUri":"x","filter":{"notificationTypes":["Other"]}})",
       R"({"callbackUri":"x","authentication":{"authType":["BASIC"],"paramsBasic":{"userName":"a","password":"b"}}})",
       R"({"callbackUri":"x","callbackUri":"y"})", R"({"callbackUri":"x","verify":false})"})
    EXPECT_EQ(parse_subscription_request(as_bytes(std::string_view(body))).error().code, Code::json_malformed)
        << body;
  EXPECT_TRUE(parse_subscription_request(
                  as_bytes(std::string_view(
                      R"({"callbackUri":"https://a/","authentication":{"authType":["TLS_CERT"]}})")))
                  .ok());
}

}  // namespace
}  // namespace sallyport::server
