// SPDX-License-Identifier: Apache-2.0
#include "roles/server/service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>

#include "core/trust/order.h"
#include "roles/server/openapi.h"
#include "roles/server/packages.h"
#include "roles/server/problem.h"

#include "roles/server/world_for_test.h"
#include "testkit/source.h"

namespace sallyport::server {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

std::string read_source(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(source_file(path)).rdbuf();
  return text.str();
}

std::string filled(const Route& route) {
  std::string path(route.path);
  for (auto at = path.find('{'); at != std::string::npos; at = path.find('{', at))
    path.replace(at, path.find('}') - at + 1, "x");
  return path;
}

std::string account_with(Role role) {
  for (const auto& [digest, account] : accounts_for_test())
    if (account.roles.has(role)) return account.name;
  return {};
}

struct Orders {
  Order order = testkit::make_order(testkit::make_policy(), testkit::make_verdict(testkit::make_policy()));
  std::string payload = print_order(order);
  std::string path = "/api/v1/orders/" + sha256(as_bytes(payload)).text();
  std::string signed_by(const std::vector<std::string>& keys) const {
    return std::string(as_text(testkit::sign_statement(payload, keys)));
  }
};

TEST(ServerAttack, Q01_NobodyGetsAnythingWithoutAnAccount) {
  for (const auto& route : routes()) {
    ServerWorld server;
    for (const auto* who : {"", "stranger"}) {
      const auto answer = server.ask(who, std::string(route.method), filled(route));
      EXPECT_EQ(answer.status, 401U) << route.path;
      EXPECT_THAT(answer.body, HasSubstr("urn:sallyport:problem:not-authenticated"));
    }
    // What there is is not told either.
    EXPECT_EQ(server.ask("", "GET", "/nowhere").status, 401U);
  }
}

TEST(ServerAttack, Q02_EachRoleMayWhatItsRoutesSayAndNothingElse) {
  ServerWorld server;
  for (const auto& route : routes()) {
    for (const auto role : all_roles()) {
      const auto answer = server.ask(account_with(role), std::string(route.method), filled(route));
      const bool is_forbidden =
          answer.status == 403 && answer.body.find("urn:sallyport:problem:not-allowed") != std::string::npos;
      const bool is_own = route.path == "/api/v1/nodes/{node}/report" && route.method == "PUT";
      EXPECT_EQ(is_forbidden, !route.roles.has(role) || is_own) << route.method << route.path << word(role);
    }
  }
}

TEST(ServerAttack, Q03_WhatIsAnothersIsNotThere) {
  ServerWorld server;
  const auto id = server.onboarded();
  for (const auto& [method, path] : {std::pair{"GET", ""},
                                     {"PATCH", ""},
                                     {"DELETE", ""},
                                     {"GET", "/package_content"},
                                     {"PUT", "/package_content"}})
    EXPECT_EQ(server.ask("other", method, ServerWorld::path(id) + path).status, 404U) << method << path;
  EXPECT_EQ(server.ask("other", "GET", ServerWorld::packages).body, "[]");
  EXPECT_EQ(server.ask("other", "GET", "/api/v1/packages/" + id + "/verdict").status, 404U);
  // Another node's report, another person's signature.
  EXPECT_EQ(server.ask("mme-1", "PUT", "/api/v1/nodes/mme-2/report", "{}").status, 403U);
  const Orders orders;
  EXPECT_EQ(server.ask("alice", "PUT", orders.path, orders.signed_by({"bob-1"})).status, 403U);
  EXPECT_EQ(server.ask("alice", "PUT", orders.path, orders.signed_by({"alice-1"})).status, 201U);
  EXPECT_EQ(
      server.ask("bob", "POST", orders.path + "/approvals", orders.signed_by({"alice-1", "carol-1"})).status,
      403U);
}

// To see a package is not to change it.
TEST(ServerAttack, Q03_WhoSeesAPackageDoesNotChangeIt) {
  ServerWorld server;
  auto accounts = accounts_for_test();
  accounts.at(certificate_of("bob")).roles.add(Role::submitter);
  server.accounts.replace(std::move(accounts));
  const auto id = server.onboarded();
  const std::string disable = R"({"operationalState":"DISABLED"})";
  EXPECT_EQ(server.ask("bob", "GET", ServerWorld::path(id)).status, 200U);
  EXPECT_EQ(server.ask("bob", "PATCH", ServerWorld::path(id), disable).status, 403U);
  EXPECT_EQ(server.ask("bob", "DELETE", ServerWorld::path(id)).status, 403U);
  EXPECT_EQ(server.ask("vendor", "PATCH", ServerWorld::path(id), disable).status, 200U);
}

TEST(ServerAttack, Q07_NoFlagOfARequestWeakensAnything) {
  ServerWorld server;
  for (const auto* body : {R"({"verify":false})", R"({"userDefinedData":{},"force":true})",
                           R"({"onboardingState":"ONBOARDED"})"}) {
    EXPECT_EQ(server.ask("vendor", "POST", ServerWorld::packages, body).status, 422U) << body;
    EXPECT_EQ(server.ask("vendor", "PATCH", ServerWorld::path(server.created()), body).status, 422U) << body;
  }
  // Duplicate members, and depth (P02).
  EXPECT_EQ(
      server.ask("vendor", "POST", ServerWorld::packages, R"({"userDefinedData":{},"userDefinedData":{}})")
          .status,
      422U);
  EXPECT_EQ(server.ask("vendor", "POST", ServerWorld::packages, std::string(20000, '[')).status, 422U);
}

TEST(ServerAttack, Q09_OneOfTwoChangesAtOnceIsDone) {
  ServerWorld server;
  const auto id = server.onboarded();
  const auto tag = ServerWorld::header_of(server.ask("vendor", "GET", ServerWorld::path(id)), "ETag");
  const auto change = [&] {
    return server
        .ask("vendor", "PATCH", ServerWorld::path(id), R"({"userDefinedData":{"a":"b"}})",
             {{"if-match", tag}})
        .status;
  };
  EXPECT_EQ(change(), 200U);
  EXPECT_EQ(change(), 412U);
  // Two approvals: the second one is there beside the first, and neither counts twice (Q10).
  const Orders orders;
  EXPECT_EQ(server.ask("alice", "PUT", orders.path, orders.signed_by({"alice-1"})).status, 201U);
  EXPECT_EQ(server.ask("alice", "PUT", orders.path, orders.signed_by({"alice-1"})).status, 200U);
  EXPECT_EQ(
      server.ask("bob", "POST", orders.path + "/approvals", orders.signed_by({"alice-1", "bob-1"})).status,
      200U);
  EXPECT_EQ(
      server.ask("bob", "POST", orders.path + "/approvals", orders.signed_by({"alice-1", "bob-2"})).status,
      422U);
  EXPECT_EQ(server.ask("carol", "POST", orders.path + "/approvals", orders.signed_by({"alice-1", "carol-1"}))
                .status,
            200U);
  const auto whole = server.ask("mme-1", "GET", orders.path);
  EXPECT_TRUE(trust::order(as_bytes(whole.body), server.policy, testkit::test_time()).ok());
  EXPECT_THAT(server.ask("auditor", "GET", "/api/v1/orders").body, HasSubstr(R"("standing":"granted")"));
}

TEST(ServerAttack, Q13_NothingIsFetchedFromAddressesOfClients) {
  ServerWorld server;
  const auto id = server.created();
  const auto answer = server.ask("vendor", "POST", ServerWorld::path(id) + "/package_content/upload_from_uri",
                                 R"({"addressInformation":"file:///etc/passwd"})");
  EXPECT_EQ(answer.status, 403U);
  EXPECT_THAT(answer.body, HasSubstr("upload-from-uri-off"));
  EXPECT_EQ(server.ask("auditor", "GET", "/api/v1/log/%2e%2e/policy").status, 400U);
  EXPECT_EQ(server.ask("auditor", "GET", "/api/v1/log/keys").status, 404U);
}

TEST(Server, SpeaksOneVersion) {
  ServerWorld server;
  const auto status = [&](const std::string& version) {
    return server.ask("vendor", "GET", ServerWorld::packages, {}, {{"version", version}}).status;
  };
  EXPECT_EQ(status("2.0.0"), 200U);
  EXPECT_EQ(status("2.1.3"), 200U);
  for (const auto* other : {"1.0.0", "3.0.0", "20.0.0", "", "two"}) EXPECT_EQ(status(other), 406U) << other;
  // And says so, whatever it answers.
  const auto said = [&](const std::string& who, const std::string& target) {
    return ServerWorld::header_of(server.ask(who, "GET", target), "Version");
  };
  for (const std::string who : {"vendor", "monitor", ""})
    EXPECT_EQ(said(who, ServerWorld::path("x")), "2.0.0") << who;
  EXPECT_EQ(said("vendor", "/api/v1/policy"), "");
}

TEST(Server, FailedLoginsCostTime) {
  ServerWorld server;
  for (int i = 0; i < 5; ++i) EXPECT_EQ(server.ask("", "GET", "/healthz").status, 401U);
  const auto blocked = server.ask("", "GET", "/healthz");
  EXPECT_EQ(blocked.status, 429U);
  EXPECT_EQ(ServerWorld::header_of(blocked, "Retry-After"), "2");
  EXPECT_EQ(server.ask("monitor", "GET", "/healthz").status, 200U);  // nobody locks others out
  server.clock.move(2);
  EXPECT_EQ(server.ask("", "GET", "/healthz").status, 401U);
  EXPECT_EQ(ServerWorld::header_of(server.ask("", "GET", "/healthz"), "Retry-After"), "4");
}

TEST(Server, NobodyFillsTheRecordsByBeingTurnedAway) {
  ServerWorld server;
  for (int i = 0; i < 100; ++i) server.ask("", "GET", "/healthz");
  const auto file = server.audit.read_small("security.jsonl", 1U << 20U).value();
  EXPECT_EQ(std::count(file.begin(), file.end(), '\n'), 5 + 4);
  EXPECT_THAT(std::string(as_text(file)), HasSubstr(R"("code":"too-many-requests","detail":"number 64"})"));
}

TEST(Server, AnAccountHasARate) {
  const AccountBook accounts(accounts_for_test());
  Guard guard(accounts, 2);
  const WebClient client{"192.0.2.1", certificate_of("vendor")};
  const auto is_let_in = [&](Instant now) {
    return std::holds_alternative<Account>(guard.admit(client, now));
  };
  const auto now = testkit::test_time();
  EXPECT_TRUE(is_let_in(now));
  EXPECT_TRUE(is_let_in(now));
  EXPECT_FALSE(is_let_in(now));
  EXPECT_TRUE(is_let_in(now.plus(60)));
}

TEST(Server, APackageGoesItsWay) {
  ServerWorld server;
  const auto id = server.created();
  EXPECT_EQ(server.state(id), "CREATED");
  EXPECT_EQ(server.ask("vendor", "GET", ServerWorld::path(id) + "/package_content").status, 409U);
  EXPECT_EQ(server.put(id, "bytes").status, 202U);
  EXPECT_EQ(server.put(id, "others").status, 409U);
  EXPECT_EQ(server.state(id), "PROCESSING");
  server.process();
  const auto shown = server.ask("mme-1", "GET", ServerWorld::path(id)).body;
  EXPECT_THAT(
      shown,
      HasSubstr(R"("onboardingState":"ONBOARDED","operationalState":"ENABLED","usageState":"NOT_IN_USE")"));
  EXPECT_THAT(shown, HasSubstr(sha256(as_bytes("bytes")).text()));
  EXPECT_EQ(ServerWorld::bytes_of(server.ask("mme-1", "GET", ServerWorld::path(id) + "/package_content")),
            "bytes");
  EXPECT_EQ(server.ask("mme-1", "GET", "/api/v1/packages/" + id + "/verdict").body,
            ScriptedIntake::clean().verdict);
  EXPECT_EQ(server.ask("vendor", "DELETE", ServerWorld::path(id)).status, 409U);
  EXPECT_EQ(server.ask("vendor", "PATCH", ServerWorld::path(id), R"({"operationalState":"DISABLED"})").status,
            200U);
  EXPECT_EQ(server.ask("vendor", "DELETE", ServerWorld::path(id)).status, 204U);
  EXPECT_THAT(server.data.list("content").value(), IsEmpty());
}

TEST(Server, ARefusalIsAnErrorWithItsCode) {
  ServerWorld server;
  server.intake.says = Error(Code::signature_missing, "demo.mf", "a CMS", "none");
  const auto id = server.onboarded();
  const auto shown = server.ask("vendor", "GET", ServerWorld::path(id)).body;
  EXPECT_THAT(shown, HasSubstr(R"("onboardingState":"ERROR")"));
  EXPECT_THAT(shown, HasSubstr("urn:sallyport:problem:signature-missing"));
  // Not clean is an error as well, and its verdict is evidence.
  auto taken = ScriptedIntake::clean();
  taken.not_clean = Error(Code::malware_found, "bin/demo", "no malware", "Eicar");
  server.intake.says = taken;
  const auto infected = server.onboarded();
  EXPECT_THAT(server.ask("vendor", "GET", ServerWorld::path(infected)).body,
              HasSubstr("urn:sallyport:problem:malware-found"));
  EXPECT_EQ(server.ask("vendor", "GET", "/api/v1/packages/" + infected + "/verdict").status, 200U);
  EXPECT_EQ(server.ask("vendor", "GET", ServerWorld::path(infected) + "/package_content").status, 409U);
}

TEST(Server, AFaultIsNoVerdictAndIsTriedAgain) {
  ServerWorld server;
  server.intake.says = Error(Code::scanner_unreachable, "clamd");
  const auto id = server.onboarded();
  EXPECT_EQ(server.state(id), "PROCESSING");
  server.process();
  EXPECT_EQ(server.intake.asked, 1);  // not at once
  server.clock.move(retry_seconds);
  server.intake.says = ScriptedIntake::clean();
  server.process();
  EXPECT_EQ(server.state(id), "ONBOARDED");
}

// Whatever reads packages has died at this one. Once may be chance.
TEST(Server, H03_APackageThatKillsItsReaderTwiceIsAnError) {
  ServerWorld server;
  server.intake.deaths = 1;
  EXPECT_EQ(server.state(server.onboarded()), "ONBOARDED");
  server.intake.asked = 0;
  server.intake.deaths = 2;
  const auto killed = server.onboarded();
  EXPECT_THAT(server.ask("vendor", "GET", ServerWorld::path(killed)).body,
              HasSubstr(R"("onboardingFailureDetails":{"type":"urn:sallyport:problem:examiner-failed")"));
  server.clock.move(retry_seconds);
  server.process();
  EXPECT_EQ(server.intake.asked, 2);
}

// A verdict about other bytes than those that came is none.
TEST(Server, AVerdictAboutAnotherFileIsNotTaken) {
  ServerWorld server;
  auto taken = ScriptedIntake::clean();
  taken.package = sha256(as_bytes("others")).text();
  server.intake.says = taken;
  EXPECT_EQ(server.state(server.onboarded()), "PROCESSING");
}

TEST(Server, AnUploadThatBreaksOffLeavesThePackageFree) {
  ServerWorld server;
  const auto id = server.created();
  WebQuestion question{"PUT",
                       ServerWorld::path(id) + "/package_content",
                       {{"version", "2.0.0"}, {"content-type", "application/zip"}},
                       {"192.0.2.1", certificate_of("vendor")},
                       {}};
  {
    auto begun = server.service.begin(question);
    auto& body = *std::get<std::unique_ptr<WebBody>>(begun);
    EXPECT_FALSE(body.take(as_bytes("half")));
    EXPECT_EQ(server.state(id), "UPLOADING");
    EXPECT_EQ(server.put(id, "other").status, 409U);
  }
  EXPECT_EQ(server.state(id), "CREATED");
  EXPECT_EQ(server.offset(id), "4");
  // A server that died could not do that: its claim runs out.
  auto left = *server.db->find_package(id).value();
  left.state = Onboarding::uploading;
  left.holder = "dead";
  left.held_until = server.clock.now().plus(upload_seconds_max).seconds();
  ASSERT_EQ(server.db->change_package(left, Happened::nothing).value(), Changed::done);
  EXPECT_EQ(server.put(id, "again").status, 409U);
  server.clock.move(upload_seconds_max);
  EXPECT_EQ(server.put(id, "again").status, 202U);
}

TEST(Server, ListsAreFilteredAndPaged) {
  ServerWorld server;
  for (int i = 0; i < 101; ++i) server.created();
  const auto last = server.onboarded();
  const auto first_page = server.ask(
      "vendor", "GET", std::string(ServerWorld::packages) + "?filter=(eq,onboardingState,CREATED)");
  const auto next = ServerWorld::header_of(first_page, "Link");
  EXPECT_THAT(
      next,
      HasSubstr("filter=%28eq%2ConboardingState%2CCREATED%29&nextpage_opaque_marker=100>; rel=\"next\""));
  const auto second_page = server.ask("vendor", "GET", next.substr(1, next.find('>') - 1));
  EXPECT_EQ(ServerWorld::header_of(second_page, "Link"), "");
  EXPECT_THAT(second_page.body, Not(HasSubstr(last)));
  EXPECT_THAT(
      server
          .ask("vendor", "GET",
               std::string(ServerWorld::packages) + "?filter=(cont,vnfProvider,Ac,Zz)&fields=checksum")
          .body,
      HasSubstr(last));
  for (const auto* query :
       {"?filter=(eq,owner,x)", "?filter=(eq,id", "?fields=password", "?all_fields&fields=checksum",
        "?nextpage_opaque_marker=-1", "?a=1&a=2", "?x=%zz"})
    EXPECT_EQ(server.ask("vendor", "GET", std::string(ServerWorld::packages) + query).status, 400U) << query;
}

TEST(Server, ContentComesInRanges) {
  ServerWorld server;
  const auto content = ServerWorld::path(server.onboarded("0123456789")) + "/package_content";
  const auto get = [&](const std::string& range, const std::string& only_if = {}) {
    WebHeaders headers{{"range", range}};
    if (!only_if.empty()) headers.emplace_back("if-range", only_if);
    const auto answer = server.ask("mme-1", "GET", content, {}, headers);
    return std::to_string(answer.status) + " " + ServerWorld::header_of(answer, "Content-Range") + " " +
           (answer.status < 400 ? ServerWorld::bytes_of(answer) : "");
  };
  EXPECT_EQ(get("bytes=2-4"), "206 bytes 2-4/10 234");
  EXPECT_EQ(get("bytes=7-"), "206 bytes 7-9/10 789");
  EXPECT_EQ(get("bytes=-2"), "206 bytes 8-9/10 89");
  EXPECT_EQ(get("bytes=8-99"), "206 bytes 8-9/10 89");
  EXPECT_EQ(get("bytes=10-"), "416 bytes */10 ");
  EXPECT_EQ(get("bytes=0-0", "\"other\""), "200  0123456789");
  for (const auto* whole :
       {"bytes=4-2", "bytes=a-", "lines=1-2", "bytes=0-1,3-4", "bytes=-", "bytes=18446744073709551616-"})
    EXPECT_EQ(get(whole), "200  0123456789") << whole;
}

TEST(Server, WhatIsDoneIsRecordedWithEveryField) {
  ServerWorld server;
  const auto id = server.created();
  server.ask("other", "DELETE", ServerWorld::path(id));
  server.ask("", "GET", "/api/v1/policy");
  server.ask("bob", "GET", "/api/v1/policy");  // reading the policy is no event
  const auto shown = server.ask("auditor", "GET", "/api/v1/audit").body;
  EXPECT_THAT(
      shown,
      HasSubstr(
          R"({"number":1,"time":"2026-11-21T22:00:00Z","account":"vendor","source":"192.0.2.1","action":"POST","object":"/vnfpkgm/v2/vnf_packages","outcome":"success"})"));
  EXPECT_THAT(
      shown,
      HasSubstr(
          R"("account":"other","source":"192.0.2.1","action":"DELETE","object":"/vnfpkgm/v2/vnf_packages/)" +
          id + R"(","outcome":"refused","code":"not-found"})"));
  EXPECT_THAT(
      shown,
      HasSubstr(
          R"("account":"","source":"192.0.2.1","action":"GET","object":"/api/v1/policy","outcome":"refused","code":"not-authenticated","detail":"number 1"})"));
  EXPECT_THAT(shown, Not(HasSubstr("bob")));
  const auto file = server.audit.read_small("security.jsonl", 1U << 20U).value();
  EXPECT_EQ(std::count(file.begin(), file.end(), '\n'), 4);
  // Nobody changes or deletes one.
  for (const auto* method : {"DELETE", "PUT", "PATCH", "POST"})
    EXPECT_EQ(server.ask("auditor", method, "/api/v1/audit").status, 405U);
}

TEST(Server, TheDocumentOfTheApiSaysWhatEachRouteTakesAndGives) {
  std::set<std::pair<std::string_view, std::string_view>> said;
  for (const auto& operation : operations())
    EXPECT_TRUE(said.emplace(operation.method, operation.path).second) << operation.id;
  EXPECT_EQ(said.size(), routes().size());
  for (const auto& route : routes()) {
    EXPECT_TRUE(said.contains({route.method, route.path}))
        << "openapi_operations.cpp has no " << route.method << route.path;
    const auto found = std::find_if(operations().begin(), operations().end(), [&](const auto& one) {
      return one.method == route.method && one.path == route.path;
    });
    if (found == operations().end()) continue;
    std::set<unsigned> good, answered;
    std::copy_if(route.statuses.begin(), route.statuses.end(), std::inserter(good, good.end()),
                 [](unsigned status) { return status < 400; });
    for (const auto& [status, answer] : found->answers) answered.insert(status);
    EXPECT_EQ(good, answered) << found->id;
  }
}

TEST(Server, TheDocumentOfTheApiIsTheApi) {
  EXPECT_EQ(read_source("docs/api/openapi.json"), print_openapi());
  const auto page = read_source("docs/spec/server.md");
  for (const auto& trouble : all_troubles())
    EXPECT_THAT(page,
                HasSubstr("| " + std::string(trouble.name) + " | " + std::to_string(trouble.status) + " |"));
}

}  // namespace
}  // namespace sallyport::server
