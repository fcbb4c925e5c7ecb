// SPDX-License-Identifier: Apache-2.0
// A server without a network: questions are put to the service, and everything answered is noted.
#pragma once

#include <algorithm>
#include <filesystem>
#include <memory>
#include <set>
#include <string>
#include <tuple>

#include "adapters/callbacks/memory.h"
#include "adapters/callbacks/memory_fetcher.h"
#include "adapters/db/sql.h"
#include "adapters/disk/memory.h"
#include "adapters/host/clock.h"
#include "adapters/host/random.h"
#include "roles/server/intake_for_test.h"
#include "roles/server/service.h"
#include "testkit/statements.h"

namespace sallyport::server {

inline Sha256Digest certificate_of(const std::string& account) {
  return sha256(as_bytes(account));
}

inline Accounts accounts_for_test() {
  Accounts accounts;
  const auto add = [&](Account account) { accounts.emplace(certificate_of(account.name), account); };
  add({"vendor", {Role::submitter}, {}, {}});
  add({"other", {Role::submitter}, {}, {}});
  add({"alice", {Role::deployer}, PersonId::parse("alice").value(), {}});
  add({"bob", {Role::approver}, PersonId::parse("bob").value(), {}});
  add({"carol", {Role::approver}, PersonId::parse("carol").value(), {}});
  add({"officer", {Role::officer}, {}, {}});
  add({"auditor", {Role::auditor}, {}, {}});
  add({"mme-1", {Role::node}, {}, NodeId::parse("mme-1").value()});
  add({"monitor", {Role::monitor}, {}, {}});
  return accounts;
}

class ServerWorld {
 public:
  ServerWorld()
      : folder_(new_folder()),
        db(open_database("sqlite:" + folder_ + "/server.db").value()),
        policy(testkit::make_policy()),
        world{*db, data, audit, &log, clock, policy, "{}", random_uuid, 1000, accounts, callbacks, live},
        guard(accounts, 100000),
        service(world, guard) {}
  ~ServerWorld() {
    db.reset();
    std::filesystem::remove_all(folder_);
  }
  ServerWorld(const ServerWorld&) = delete;
  ServerWorld& operator=(const ServerWorld&) = delete;

  // An answer to the whole of a question; `who` is an account, or nobody.
  WebAnswer ask(const std::string& who, const std::string& method, const std::string& target,
                const std::string& body = {}, WebHeaders headers = {}) {
    return ask_of(service, who, method, target, body, std::move(headers));
  }
  WebAnswer ask_of(Service& asked, const std::string& who, const std::string& method,
                   const std::string& target, const std::string& body, WebHeaders headers) {
    WebQuestion question{method, target, std::move(headers), {"192.0.2.1", {}}, {}};
    if (!who.empty()) question.client.certificate = certificate_of(who);
    if (question.header("version") == nullptr) question.headers.emplace_back("version", "2.0.0");
    if (question.header("content-type") == nullptr)
      question.headers.emplace_back("content-type", "application/json");
    if (!body.empty()) question.body_size = body.size();
    auto answer = answer_to(asked.begin(question), body);
    const auto target_read = parse_target(target);
    if (target_read.ok())
      for (const auto& [route, names] : match(target_read.value().segments))
        if (route->method == method)
          answered.insert({std::string(route->method), std::string(route->path), answer.status});
    return answer;
  }

  // Another server on this database, and on another data folder.
  struct Other {
    std::unique_ptr<World> world;
    std::unique_ptr<Service> service;
  };
  Other world_on(Disk& other_data) {
    auto made = std::make_unique<World>(World{*db, other_data, audit, &log, clock, policy, "{}", random_uuid,
                                              1000, accounts, callbacks, live});
    auto its_service = std::make_unique<Service>(*made, guard);
    return {std::move(made), std::move(its_service)};
  }

  // A package of this state, by `vendor`.
  std::string created() {
    const auto location = header_of(ask("vendor", "POST", packages, "{}"), "Location");
    return location.substr(location.rfind('/') + 1);
  }
  std::string processing(const std::string& bytes = "bytes") {
    auto id = created();
    CHECK(put(id, bytes).status == 202);
    return id;
  }
  std::string onboarded(const std::string& bytes = "bytes") {
    auto id = processing(bytes);
    process();
    return id;
  }
  WebAnswer put(const std::string& id, const std::string& bytes, const std::string& who = "vendor") {
    return ask(who, "PUT", path(id) + "/package_content", bytes, {{"content-type", "application/zip"}});
  }
  // A part of it, at this offset.
  WebAnswer put_part(const std::string& id, const std::string& bytes, std::size_t at, std::size_t size) {
    const auto range = "bytes " + std::to_string(at) + "-" + std::to_string(at + size - 1) + "/" +
                       std::to_string(bytes.size());
    return ask("vendor", "PUT", path(id) + "/package_content", bytes.substr(at, size),
               {{"content-type", "application/zip"}, {"content-range", range}});
  }
  // Where an upload goes on; empty: it is not told.
  std::string offset(const std::string& id) {
    return header_of(ask("vendor", "GET", "/api/v1/packages/" + id + "/upload"), "Upload-Offset");
  }
  // The server that took this body in is no more: what it would have said at the end it does not say.
  void kill(PackageRecord package, WebBody* body) {
    package.holder = "killed";
    CHECK(db->change_package(package, Happened::nothing).value() == Changed::done);
    MemoryDisk before;
    before.become(data);
    delete body;
    data.become(before);
  }
  void process() {
    CHECK(process_one(world, intake, "worker", [](const std::string&) {}).ok());
  }
  std::string state(const std::string& id) { return std::string(word(db->find_package(id).value()->state)); }
  static std::string path(const std::string& id) { return std::string(packages) + "/" + id; }

  static std::string header_of(const WebAnswer& answer, std::string_view name) {
    for (const auto& [its_name, value] : answer.headers)
      if (its_name == name) return value;
    return {};
  }
  static std::string bytes_of(const WebAnswer& answer) {
    if (!answer.file) return answer.body;
    const auto read = answer.file->source->read(answer.file->offset, answer.file->size, 1U << 20U).value();
    return std::string(as_text(read));
  }

  static constexpr const char* packages = "/vnfpkgm/v2/vnf_packages";
  std::set<std::tuple<std::string, std::string, unsigned>> answered;

 private:
  static std::string new_folder() {
    auto folder = (std::filesystem::temp_directory_path() / "sallyport-server-XXXXXX").string();
    CHECK(::mkdtemp(folder.data()) != nullptr);
    return folder;
  }

  // As adapters/https does it.
  WebAnswer answer_to(WebBegun begun, const std::string& body) {
    if (auto* const answer = std::get_if<WebAnswer>(&begun)) return std::move(*answer);
    auto& taker = *std::get<std::unique_ptr<WebBody>>(begun);
    if (body.size() > taker.size_max()) return service.refuse(413, {});
    for (std::size_t at = 0; at < body.size(); at += 3)
      if (auto answer = taker.take(as_bytes(body).subspan(at, std::min<std::size_t>(3, body.size() - at))))
        return std::move(*answer);
    return taker.finish();
  }

  std::string folder_;

 public:
  std::unique_ptr<Database> db;
  MemoryDisk data, audit, log;
  FixedClock clock{testkit::test_time()};
  Policy policy;
  AccountBook accounts{accounts_for_test()};
  MemoryCallbacks callbacks;
  MemoryFetcher fetcher;
  Live live;
  World world;
  Guard guard;
  Service service;
  ScriptedIntake intake;
};

}  // namespace sallyport::server
