// SPDX-License-Identifier: Apache-2.0
// A node in memory, and genuine packages, verdicts and orders for it.
#pragma once

#include "adapters/disk/memory.h"
#include "adapters/services/memory.h"
#include "roles/node/fsck.h"
#include "roles/node/init.h"
#include "roles/node/install.h"
#include "roles/node/rollback.h"
#include "roles/node/verify.h"
#include "testkit/package.h"
#include "testkit/statements.h"

namespace sallyport::node {

// A package with the papers that let it in.
struct Delivery {
  Bytes package;
  Bytes verdict;
  Bytes order;
};

inline Result<KeyId> node_key_for_test() {
  return testkit::TestKey("node").public_key().id();
}

inline std::string policy_text() {
  return testkit::print_policy(testkit::parts(testkit::acme().anchor_pem()));
}

inline Delivery deliver(const testkit::PackageParts& parts, std::uint64_t sequence,
                        const std::string& under = policy_text()) {
  const auto policy = parse_policy(as_bytes(under)).value();
  Delivery delivery{testkit::make_package(parts), {}, {}};
  InlineWorkers workers;
  const MemorySource source(delivery.package);
  const auto package = trust::package(source, policy, testkit::test_time(), workers).value();
  const auto verdict = testkit::make_verdict(policy, *package);
  auto order = testkit::make_order(policy, verdict);
  order.sequence = sequence;
  delivery.verdict = testkit::sign_statement(print_verdict(verdict), {"intake-1"});
  delivery.order = testkit::sign_statement(print_order(order), {"alice-1", "bob-1", "carol-1"});
  return delivery;
}

inline testkit::PackageParts first_parts() {
  testkit::PackageParts parts;
  parts.links["usr/lib/mme/link"] = "table";
  parts.files["usr/lib/mme/copy-of-table"] = parts.files["usr/lib/mme/table"];
  parts.files["usr/bin/helper"] = {"helper", 04755};
  parts.config = {{RelativePath::parse("etc/mme.conf").value(), MergeRule::three_way}};
  parts.files["usr/bin/bind"] = {"bind", 0755, 0, 0, {"cap_net_bind_service"}};
  return parts;
}

// Counter 2; its service is another file, so that tests can tell which one runs.
inline testkit::PackageParts second_parts() {
  auto parts = first_parts();
  parts.version = "1.1";
  parts.counter = 2;
  parts.files["usr/bin/mme-two"] = {"#!/bin/sh\nexec sleep 601\n"};
  parts.files.erase("usr/bin/helper");
  parts.services.at(0).argv = {"/usr/bin/mme-two"};
  return parts;
}

// Counter 3; what the other two have of one name has another content here, and one file is the first one's again.
inline testkit::PackageParts third_parts() {
  auto parts = second_parts();
  parts.version = "1.2";
  parts.counter = 3;
  parts.files["usr/bin/mme-three"] = {"#!/bin/sh\nexec sleep 602\n"};
  parts.files["usr/bin/mme-two"] = {"another"};
  parts.files["usr/bin/helper"] = {"helper", 04755};
  parts.services.at(0).argv = {"/usr/bin/mme-three"};
  return parts;
}

inline const Delivery& first_delivery() {
  static const Delivery delivery = deliver(first_parts(), 1);
  return delivery;
}
inline const Delivery& second_delivery() {
  static const Delivery delivery = deliver(second_parts(), 2);
  return delivery;
}

inline const Delivery& third_delivery() {
  static const Delivery delivery = deliver(third_parts(), 3);
  return delivery;
}

constexpr const char* first_service = "/usr/bin/mme";
constexpr const char* second_service = "/usr/bin/mme-two";
constexpr const char* third_service = "/usr/bin/mme-three";

// The node `mme-1`, on any disk.
struct World {
  explicit World(Disk& d) : disk(d) {}

  Ports ports() { return {disk, services, workers, "/node", "x86_64", now}; }
  Result<InitReport> init(const std::string& policy = policy_text()) {
    return node::init(
        disk, {copy(as_bytes(policy)), NodeId::parse("mme-1").value(), PoolId::parse("mme-east").value()},
        now, node_key_for_test);
  }
  Result<InstallReport> install(const Delivery& delivery) {
    const MemorySource source(delivery.package);
    const auto at = ports();
    account = {};
    return node::install(at, {source, delivery.verdict, delivery.order}, account);
  }
  Result<RollbackReport> rollback(std::optional<install::GenerationNumber> to = {}) {
    const auto at = ports();
    account = {};
    return node::rollback(at, to, account);
  }
  FsckReport fsck() {
    const auto at = ports();
    return node::fsck(at).value();
  }
  install::State state() { return Books::open(disk).value().state(); }
  std::string runs() const { return services.running().empty() ? "" : services.running().begin()->second; }

  Disk& disk;
  MemoryServices services;
  InlineWorkers workers;
  Account account;  // of the last command
  Instant now = testkit::test_time();
};

}  // namespace sallyport::node
