// SPDX-License-Identifier: Apache-2.0
// Every resource answers with each status that the document of the API says, and with no other.
#include <gtest/gtest.h>

#include <algorithm>

#include "adapters/disk/faulty.h"
#include "core/format/package_members.h"
#include "roles/server/statements_for_test.h"
#include "roles/server/world_for_test.h"

namespace sallyport::server {
namespace {

class NoDisk final : public FaultyDisk {
 public:
  explicit NoDisk(Disk& inner) : FaultyDisk(inner, 0, Then::fail) {}
  Result<DiskSpace> space() override { return Error(Code::io_failed, "disk"); }
};

const WebHeaders html{{"content-type", "text/html"}};
constexpr const char* nobody = "00000000-0000-4000-8000-000000000000";

void ask_about_packages(ServerWorld& server) {
  const std::string packages = ServerWorld::packages;
  const std::string large(70000, 'x');
  server.ask("vendor", "POST", packages, large);
  server.ask("vendor", "POST", packages, "{}", html);
  server.ask("vendor", "POST", packages, "[]");
  const auto created = ServerWorld::path(server.created());
  const auto ready = ServerWorld::path(server.onboarded());
  const auto missing = ServerWorld::path(nobody);
  server.ask("vendor", "GET", packages);
  server.ask("vendor", "GET", missing);
  server.ask("vendor", "GET", created, {}, {{"if-none-match", "\"1\""}});
  server.ask("vendor", "GET", created);
  server.ask("vendor", "PATCH", missing, "{}");
  server.ask("vendor", "PATCH", created, R"({"operationalState":"ENABLED"})");
  server.ask("vendor", "PATCH", created, "{}", {{"if-match", "\"7\""}});
  server.ask("vendor", "PATCH", created, large);
  server.ask("vendor", "PATCH", created, "{}", html);
  server.ask("vendor", "PATCH", created, "{}");
  server.ask("vendor", "PATCH", created, R"({"userDefinedData":{"a":"b"}})");
  server.ask("vendor", "DELETE", missing);
  server.ask("vendor", "DELETE", ready);
  server.ask("vendor", "DELETE", created, {}, {{"if-match", "\"7\""}});
  const WebHeaders zip{{"content-type", "application/zip"}};
  server.ask("vendor", "PUT", missing + "/package_content", "x", zip);
  server.ask("vendor", "PUT", ready + "/package_content", "x", zip);
  server.ask("vendor", "PUT", created + "/package_content", std::string(1001, 'x'), zip);
  server.ask("vendor", "PUT", created + "/package_content", "x", html);
  const std::string of_nothing = "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:";
  server.ask("vendor", "PUT", created + "/package_content", "x",
             {{"content-type", "application/zip"}, {"repr-digest", of_nothing}});
  server.put_part(created.substr(created.rfind('/') + 1), "whole", 0, 2);
  for (const auto& path : {created, missing, ready})
    server.ask("vendor", "GET", "/api/v1/packages" + path.substr(path.rfind('/')) + "/upload");
  server.ask("vendor", "GET", created + "/package_content");
  server.ask("vendor", "GET", missing + "/package_content");
  server.ask("vendor", "GET", ready + "/package_content");
  server.ask("vendor", "GET", ready + "/package_content", {}, {{"range", "bytes=0-0"}});
  server.ask("vendor", "GET", ready + "/package_content", {}, {{"range", "bytes=99-"}});
  server.ask("vendor", "POST", ready + "/package_content/upload_from_uri", "{}");
  server.world.fetcher = &server.fetcher;
  server.fetcher.files.emplace("https://files/", "bytes");
  const auto to_fetch = ServerWorld::path(server.created());
  for (const auto& path : {created, missing, ready})
    server.ask("vendor", "POST", path + "/package_content/upload_from_uri", "{}");
  server.ask("vendor", "POST", to_fetch + "/package_content/upload_from_uri", large);
  server.ask("vendor", "POST", to_fetch + "/package_content/upload_from_uri", "{}", html);
  server.ask("vendor", "POST", to_fetch + "/package_content/upload_from_uri",
             R"({"addressInformation":"https://files/"})");
  server.ask("vendor", "DELETE", created);
  const auto id = ready.substr(ready.rfind('/') + 1);
  server.ask("vendor", "GET", "/api/v1/packages/" + id + "/verdict");
  server.ask("vendor", "GET", "/api/v1/packages/x/verdict");
  server.ask("vendor", "GET", "/api/v1/packages/" + id + "/rescan");
  const auto now = server.clock.now();
  CHECK(server.db->claim_rescan("one", 9, now, now.plus(9)).value().has_value());
  CHECK(server.db->finish_rescan({id, Hit::none, "", "{}", 1}, "one", 9).value() == Changed::done);
  server.ask("vendor", "GET", "/api/v1/packages/" + id + "/rescan");
  server.ask("vendor", "GET", "/vnfpkgm/api_versions");
}

void ask_about_parts(ServerWorld& server) {
  auto taken = ScriptedIntake::clean();
  taken.release = std::string(64, 'b');
  taken.members = print_members({"a.mf", "a.yaml", {{"a.mf", 0, 2, 1}, {"a.yaml", 2, 2, 2}}});
  server.intake.says = taken;
  const auto ready = ServerWorld::path(server.onboarded());
  const auto created = ServerWorld::path(server.created());
  const std::string releases = "/vnfpkgm/v2/onboarded_vnf_packages";
  const auto by_release = releases + "/" + taken.release;
  server.ask("vendor", "GET", releases);
  server.ask("vendor", "GET", by_release);
  server.ask("vendor", "GET", by_release, {}, {{"if-none-match", "\"5\""}});
  const auto tag = ServerWorld::header_of(server.ask("vendor", "GET", by_release), "ETag");
  server.ask("vendor", "GET", by_release, {}, {{"if-none-match", tag}});
  server.ask("vendor", "GET", releases + "/x");
  for (const auto& base : {ready, created, ServerWorld::path(nobody), by_release, releases + "/x"}) {
    for (const std::string part :
         {"/vnfd", "/manifest", "/artifacts", "/artifacts/a.mf", "/package_content"}) {
      server.ask("vendor", "GET", base + part);
      server.ask("vendor", "GET", base + part, {}, {{"range", "bytes=0-0"}});
      server.ask("vendor", "GET", base + part, {}, {{"range", "bytes=999-"}});
      server.ask("vendor", "GET", base + part, {}, {{"accept", "image/png"}});
    }
  }
}

void ask_about_subscriptions(ServerWorld& server) {
  const std::string path = "/vnfpkgm/v2/subscriptions";
  const auto body = [](int i) {
    return R"({"callbackUri":"https://told/","filter":{"vnfdId":[")" + std::to_string(i) + "\"]}}";
  };
  server.callbacks.answers.emplace("https://told/", 204U);
  const auto location = ServerWorld::header_of(server.ask("officer", "POST", path, body(0)), "Location");
  server.ask("officer", "POST", path, body(0));
  server.ask("officer", "POST", path, "{}");
  server.ask("officer", "POST", path, "{}", html);
  server.ask("officer", "POST", path, std::string(70000, 'x'));
  server.live.callback_tests = 2;
  server.ask("officer", "POST", path, body(1));
  server.live.callback_tests = 0;
  for (int i = 1; i < 18; ++i) server.ask("officer", "POST", path, body(i));
  server.ask("officer", "GET", path);
  server.ask("officer", "GET", location);
  server.ask("officer", "DELETE", location);
  server.ask("officer", "GET", location);
  server.ask("officer", "DELETE", location);
}

void ask_about_orders(ServerWorld& server) {
  const auto payload = print_order(testkit::make_order(server.policy, testkit::make_verdict(server.policy)));
  const auto path = "/api/v1/orders/" + sha256(as_bytes(payload)).text();
  const auto by = [&](const std::vector<std::string>& keys) {
    return std::string(as_text(testkit::sign_statement(payload, keys)));
  };
  const std::string large(envelope_size_max + 1, 'x');
  server.ask("alice", "PUT", path, large);
  server.ask("alice", "PUT", path, by({"alice-1"}), html);
  server.ask("alice", "PUT", path, "{}");
  server.ask("alice", "PUT", path, by({"alice-1"}));
  server.ask("alice", "PUT", path, by({"alice-1"}));
  server.ask("bob", "GET", path);
  server.ask("bob", "GET", "/api/v1/orders/x");
  server.ask("bob", "GET", "/api/v1/orders");
  server.ask("bob", "POST", path + "/approvals", large);
  server.ask("bob", "POST", path + "/approvals", by({"alice-1", "bob-1"}), html);
  server.ask("bob", "POST", path + "/approvals", "{}");
  server.ask("bob", "POST", path + "/approvals", by({"alice-1", "bob-1"}));
  server.ask("bob", "POST", "/api/v1/orders/x/approvals", "{}");
}

void ask_about_recalls(ServerWorld& server) {
  const auto payload = print_recall(recall_for_test());
  const auto path = "/api/v1/recalls/" + sha256(as_bytes(payload)).text();
  const auto by = [&](const std::vector<std::string>& keys) {
    return std::string(as_text(testkit::sign_statement(payload, keys)));
  };
  const std::string large(envelope_size_max + 1, 'x');
  server.ask("alice", "PUT", path, large);
  server.ask("alice", "PUT", path, by({"alice-1"}), html);
  server.ask("alice", "PUT", path, "{}");
  server.ask("alice", "PUT", path, by({"alice-1"}));
  server.ask("alice", "PUT", path, by({"alice-1"}));
  server.ask("mme-1", "GET", path);
  server.ask("mme-1", "GET", "/api/v1/recalls/x");
  server.ask("mme-1", "GET", "/api/v1/recalls");
  server.ask("bob", "POST", path + "/approvals", large);
  server.ask("bob", "POST", path + "/approvals", by({"alice-1", "bob-1"}), html);
  server.ask("bob", "POST", path + "/approvals", "{}");
  server.ask("bob", "POST", path + "/approvals", by({"alice-1", "bob-1"}));
  server.ask("bob", "POST", "/api/v1/recalls/x/approvals", "{}");
}

void ask_about_exceptions(ServerWorld& server) {
  const auto payload = print_scan_exception(exception_for_test());
  const auto path = "/api/v1/exceptions/" + sha256(as_bytes(payload)).text();
  const auto by = [&](const std::vector<std::string>& keys) {
    return std::string(as_text(testkit::sign_statement(payload, keys)));
  };
  const std::string large(exception_size_max + 1, 'x');
  server.ask("alice", "PUT", path, large);
  server.ask("alice", "PUT", path, by({"alice-1"}), html);
  server.ask("alice", "PUT", path, "{}");
  server.ask("alice", "PUT", path, by({"alice-1"}));
  server.ask("alice", "PUT", path, by({"alice-1"}));
  server.ask("officer", "GET", path);
  server.ask("officer", "GET", "/api/v1/exceptions/x");
  server.ask("officer", "GET", "/api/v1/exceptions");
  server.ask("bob", "POST", path + "/approvals", large);
  server.ask("bob", "POST", path + "/approvals", by({"alice-1", "bob-1"}), html);
  server.ask("bob", "POST", path + "/approvals", "{}");
  server.ask("bob", "POST", path + "/approvals", by({"alice-1", "bob-1"}));
  server.ask("bob", "POST", "/api/v1/exceptions/x/approvals", "{}");
  server.intake.says = Error(Code::malware_found, "usr/bin/helper", "no malware", "Generic.Helper-1");
  const auto again = "/api/v1/packages/" + server.onboarded() + "/intake";
  for (const auto& at : {again, again, std::string("/api/v1/packages/x/intake")})
    server.ask("vendor", "POST", at);
}

void ask_about_nodes(ServerWorld& server) {
  const std::string path = "/api/v1/nodes/mme-1/report";
  auto report = report_for_test();
  const auto envelope = signed_report(report);
  server.ask("mme-1", "PUT", path, std::string((1U << 20U) + 1, 'x'));
  server.ask("mme-1", "PUT", path, envelope, html);
  server.ask("mme-1", "PUT", path, "{}");
  server.ask("mme-1", "PUT", path, envelope);
  report.time = report.time.plus(-1);
  server.ask("mme-1", "PUT", path, signed_report(report));
  for (const std::string node : {"mme-1", "mme-2"}) {
    server.ask("auditor", "GET", "/api/v1/nodes/" + node);
    server.ask("auditor", "GET", "/api/v1/nodes/" + node + "/report");
  }
  server.ask("auditor", "GET", "/api/v1/nodes");
}

void ask_about_others(ServerWorld& server) {
  CHECK(server.log.replace_file("checkpoint", as_bytes("a checkpoint"), 0644).ok());
  server.ask("auditor", "GET", "/api/v1/log/checkpoint");
  server.ask("auditor", "GET", "/api/v1/log/tile/0/000");
  server.ask("auditor", "GET", "/api/v1/policy");
  server.ask("auditor", "GET", "/api/v1/audit");
  server.ask("monitor", "GET", "/healthz");
  server.ask("monitor", "GET", "/readyz");
  server.ask("monitor", "GET", "/metrics");
}

TEST(Server, AnswersWithWhatTheDocumentSays) {
  ServerWorld server;
  ask_about_packages(server);
  ask_about_parts(server);
  ask_about_subscriptions(server);
  ask_about_orders(server);
  ask_about_recalls(server);
  ask_about_exceptions(server);
  ask_about_nodes(server);
  ask_about_others(server);
  NoDisk full(server.data);
  World broken{*server.db, full,        server.audit, &server.log,     server.clock,     server.policy,
               "{}",       random_uuid, 1000,         server.accounts, server.callbacks, server.live};
  Service service(broken, server.guard);
  const auto not_ready =
      service.begin({"GET", "/readyz", {}, {"192.0.2.1", certificate_of("monitor")}, std::nullopt});
  server.answered.insert({"GET", "/readyz", std::get<WebAnswer>(not_ready).status});

  std::set<std::tuple<std::string, std::string, unsigned>> said;
  for (const auto& route : routes())
    for (const auto status : route.statuses)
      said.insert({std::string(route.method), std::string(route.path), status});
  for (const auto& [method, path, status] : said)
    EXPECT_TRUE(server.answered.contains({method, path, status}))
        << "never answered: " << method << path << status;
  const auto& common = common_statuses();
  for (const auto& [method, path, status] : server.answered) {
    if (std::find(common.begin(), common.end(), status) != common.end()) continue;
    EXPECT_TRUE(said.contains({method, path, status})) << "not in the document: " << method << path << status;
  }
}

}  // namespace
}  // namespace sallyport::server
