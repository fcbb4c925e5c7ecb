// SPDX-License-Identifier: Apache-2.0
#include "core/trust/permit.h"

#include <gtest/gtest.h>

#include "core/crypto/file_digest.h"
#include "core/format/scan_exception.h"
#include "testkit/package.h"
#include "testkit/statements.h"

namespace sallyport {
namespace {

using testkit::make_order;
using testkit::make_package;
using testkit::make_verdict;
using testkit::PackageParts;
using testkit::sign_statement;
using testkit::test_time;

const Policy& policy() {
  static const Policy one = [] {
    auto parts = testkit::parts(testkit::acme().anchor_pem());
    parts.pools.push_back({"mme-west", {"mme"}, {"mme-3"}, {"deploy"}, {"release"}, 2});
    return testkit::make_policy(parts);
  }();
  return one;
}

Verified<Package> prove(const PackageParts& parts) {
  const auto file = make_package(parts);
  InlineWorkers workers;
  return trust::package(MemorySource(file), policy(), test_time(), workers).value();
}

const Verified<Package>& good_package() {
  static const auto one = prove({});
  return one;
}

Verified<trust::CleanVerdict> prove(const Verdict& verdict) {
  return trust::verdict(sign_statement(print_verdict(verdict), {"intake-1"}), policy(), test_time()).value();
}

Verified<ApprovedOrder> prove(const Order& order) {
  const std::vector<std::string> enough{"alice-1", "bob-1", "carol-1"};
  return trust::order(sign_statement(print_order(order), enough), policy(), test_time()).value();
}

// Everything that a permit rests on, all of it genuine; a test changes one part.
struct Case {
  explicit Case(Verified<Package> p = good_package())
      : package(std::move(p)),
        verdict(make_verdict(policy(), *package)),
        order(make_order(policy(), verdict)) {}

  Verified<Package> package;
  Verdict verdict;
  Order order;
  NodeFacts node{.node = NodeId::parse("mme-1").value(),
                 .pool = PoolId::parse("mme-east").value(),
                 .architecture = "x86_64",
                 .counter_floors = {},
                 .spent = {}};
  Instant at = test_time();
  std::optional<Verified<Logged>> logged = {};

  Sha256Digest order_digest() const { return sha256(as_bytes(print_order(order))); }
  Result<Permit> permit(const Policy& in_force = policy()) const {
    return trust::permit(package, prove(verdict), prove(order), logged, node, in_force, at);
  }
  std::string refusal() const {
    const auto permit_or_not = permit();
    return permit_or_not.ok() ? "permitted" : std::string(name(permit_or_not.error().code));
  }
};

// The pool's list is all that counts; another pool's list is not.
TEST(Permit, SettingsOfTheKernelAreThoseOfThePool) {
  PackageParts asking;
  asking.services.at(0).network = Network::own;
  asking.services.at(0).sysctls = {{"kernel.shmmni", "77"}, {"net.core.somaxconn", "4096"}};
  const auto refusal_under = [&](std::size_t pool, std::vector<std::string> allowed) -> std::string {
    auto parts = testkit::parts(testkit::acme().anchor_pem());
    parts.pools.push_back({"mme-west", {"mme"}, {"mme-3"}, {"deploy"}, {"release"}, 2});
    parts.pools.at(pool).sysctls = std::move(allowed);
    const auto in_force = testkit::make_policy(parts);
    Case c(prove(asking));
    c.verdict = make_verdict(in_force, *c.package);
    c.order = make_order(in_force, c.verdict);
    const auto verdict =
        trust::verdict(sign_statement(print_verdict(c.verdict), {"intake-1"}), in_force, test_time());
    const auto order = trust::order(sign_statement(print_order(c.order), {"alice-1", "bob-1", "carol-1"}),
                                    in_force, test_time());
    const auto permit = trust::permit(c.package, verdict.value(), order.value(), {}, c.node, in_force, c.at);
    if (permit.ok()) return "permitted";
    return std::string(name(permit.error().code)) + " " + permit.error().found;
  };
  EXPECT_EQ(refusal_under(0, {"kernel.shmmni", "net.core.somaxconn"}), "permitted");
  EXPECT_EQ(refusal_under(0, {"kernel.shmmni"}), "sysctl-not-allowed mme: net.core.somaxconn");
  EXPECT_EQ(refusal_under(0, {"net.core.somaxconn", "net.core.somaxconn_"}),
            "sysctl-not-allowed mme: kernel.shmmni");
  EXPECT_EQ(refusal_under(0, {}), "sysctl-not-allowed mme: kernel.shmmni");
  EXPECT_EQ(refusal_under(1, {"kernel.shmmni", "net.core.somaxconn"}),
            "sysctl-not-allowed mme: kernel.shmmni");
}

// What a release may declare, a policy may want closed all the same.
TEST(Permit, ExceptionsOpenNoWayThatThePoolWantsClosed) {
  PackageParts asking;
  asking.services.at(0).exceptions = {ServiceException::io_uring, ServiceException::jit};
  const auto refusal_under = [&](const std::optional<testkit::GatePart>& gate) -> std::string {
    auto parts = testkit::parts(testkit::acme().anchor_pem());
    parts.pools.at(0).gate = gate;
    const auto in_force = testkit::make_policy(parts);
    Case c(prove(asking));
    c.verdict = make_verdict(in_force, *c.package);
    c.order = make_order(in_force, c.verdict);
    const auto verdict =
        trust::verdict(sign_statement(print_verdict(c.verdict), {"intake-1"}), in_force, test_time());
    const auto order = trust::order(sign_statement(print_order(c.order), {"alice-1", "bob-1", "carol-1"}),
                                    in_force, test_time());
    const auto permit = trust::permit(c.package, verdict.value(), order.value(), {}, c.node, in_force, c.at);
    if (permit.ok()) return "permitted";
    return std::string(name(permit.error().code)) + " " + permit.error().found;
  };
  EXPECT_EQ(refusal_under({}), "permitted");
  EXPECT_EQ(refusal_under(testkit::GatePart{"enforce", {}, {}}), "permitted");
  EXPECT_EQ(refusal_under(testkit::GatePart{"enforce", {"exec-script", "service-trace"}, {}}), "permitted");
  EXPECT_EQ(refusal_under(testkit::GatePart{"enforce", {"service-trace", "service-new-code"}, {}}),
            "exception-not-allowed mme: service-new-code (jit)");
  EXPECT_EQ(refusal_under(testkit::GatePart{"enforce", {"service-io-uring"}, {}}),
            "exception-not-allowed mme: service-io-uring (io_uring)");
}

template <class Change>
std::string refusal_with(Change change) {
  Case c;
  change(c);
  return c.refusal();
}

const Sha256Digest& other() {
  static const auto digest = sha256(as_bytes("other"));
  return digest;
}

TEST(Permit, IsGivenForOnePackageOneOrderOneNode) {
  const Case c;
  const auto permit = c.permit().value();
  EXPECT_EQ(permit.package()->digest, c.package->digest);
  EXPECT_EQ(permit.order()->digest, c.order_digest());
  EXPECT_EQ(permit.verdict()->digest, c.order.verdict);
}

TEST(PermitAttack, C16_TheVerdictIsAboutThisPackage) {
  const auto refused = "verdict-other-package";
  EXPECT_EQ(refusal_with([](Case& c) { c.verdict.package = other(); }), refused);
  EXPECT_EQ(refusal_with([](Case& c) { c.verdict.release = other(); }), refused);
  EXPECT_EQ(refusal_with([](Case& c) { c.verdict.product = ProductId::parse("test-product").value(); }),
            refused);
  EXPECT_EQ(refusal_with([](Case& c) { c.verdict.version = "1.1"; }), refused);
  EXPECT_EQ(refusal_with([](Case& c) { c.verdict.counter = 2; }), refused);
}

TEST(PermitAttack, C15_TheOrderIsAboutThisPackageAndSaysWhatItIs) {
  const auto refused = "order-other-package";
  EXPECT_EQ(refusal_with([](Case& c) { c.order.package = other(); }), refused);
  EXPECT_EQ(refusal_with([](Case& c) { c.order.release = other(); }), refused);
  EXPECT_EQ(refusal_with([](Case& c) { c.order.product = ProductId::parse("test-product").value(); }),
            refused);
  EXPECT_EQ(refusal_with([](Case& c) { c.order.version = "2.0"; }), refused);
  EXPECT_EQ(refusal_with([](Case& c) { c.order.counter = 9; }), refused);
}

// An approved order for one file is no order for its twin with other bytes.
TEST(PermitAttack, C16_PackageOfOneOrderOfAnother) {
  const Case good;
  Case c(prove(testkit::next_release()));
  c.verdict = make_verdict(policy(), *c.package);
  c.order = good.order;
  EXPECT_EQ(c.refusal(), "order-other-package");
}

TEST(PermitAttack, G07_TheOrderRestsOnThisVerdict) {
  EXPECT_EQ(refusal_with([](Case& c) { c.order.verdict = other(); }), "order-other-verdict");
  EXPECT_EQ(refusal_with([](Case& c) { c.verdict.time = c.verdict.time.plus(60); }), "order-other-verdict");
}

TEST(PermitAttack, G10_ThePolicyIsTheOneOfTheOrder) {
  auto parts = testkit::parts(testkit::acme().anchor_pem());
  parts.pools[0].persons = 1;
  EXPECT_EQ(Case().permit(testkit::make_policy(parts)).error().code, Code::policy_mismatch);
}

TEST(PermitAttack, G05_AnOrderIsForItsNodesAlone) {
  EXPECT_EQ(refusal_with([](Case& c) { c.node.pool = PoolId::parse("mme-west").value(); }),
            "order-other-pool");
  EXPECT_EQ(refusal_with([](Case& c) { c.node.pool = PoolId::parse("mme-north").value(); }),
            "order-other-pool");
  EXPECT_EQ(refusal_with([](Case& c) { c.node.node = NodeId::parse("mme-3").value(); }), "order-other-node");
  EXPECT_EQ(refusal_with([](Case& c) { c.order.nodes = {NodeId::parse("mme-2").value()}; }),
            "order-other-node");
}

TEST(PermitAttack, C17_AnotherMachine) {
  PackageParts parts;
  parts.architecture = "aarch64";
  Case c(prove(parts));
  EXPECT_EQ(c.refusal(), "order-other-architecture");
  c.node.architecture = "aarch64";
  EXPECT_EQ(c.refusal(), "permitted");
}

TEST(PermitAttack, G15_AnOrderCountsOnce) {
  EXPECT_EQ(refusal_with([](Case& c) {
              c.node.spent.orders = {c.order_digest()};
              c.node.spent.sequence_last = c.order.sequence;
            }),
            "order-replayed");
  EXPECT_EQ(refusal_with([](Case& c) { c.node.spent.orders = {c.order_digest()}; }), "order-replayed");
}

TEST(Permit, AnInterruptedInstallationIsFinishedUnderItsOrder) {
  const auto interrupted = [](Case& c) {
    c.node.spent.orders = {c.order_digest()};
    c.node.spent.sequence_last = c.order.sequence;
    c.node.spent.unfinished = c.order_digest();
  };
  EXPECT_EQ(refusal_with(interrupted), "permitted");
  EXPECT_EQ(refusal_with([&](Case& c) {
              interrupted(c);
              c.node.spent.unfinished = other();
            }),
            "order-replayed");
  EXPECT_EQ(refusal_with([&](Case& c) {
              interrupted(c);
              c.node.spent.sequence_last = c.order.sequence + 1;
            }),
            "order-superseded");
  EXPECT_EQ(refusal_with([&](Case& c) {
              interrupted(c);
              c.at = c.order.until;
            }),
            "order-expired");
  EXPECT_EQ(refusal_with([&](Case& c) {
              interrupted(c);
              c.node.counter_floors = {{c.order.product, 2}};
            }),
            "counter-rollback");
}

TEST(PermitAttack, G14_OrdersCountUpwards) {
  EXPECT_EQ(refusal_with([](Case& c) { c.node.spent.sequence_last = 1; }), "order-superseded");
  EXPECT_EQ(refusal_with([](Case& c) { c.node.spent.sequence_last = 2; }), "order-superseded");
  EXPECT_EQ(refusal_with([](Case& c) {
              c.node.spent.sequence_last = 2;
              c.order.sequence = 3;
            }),
            "permitted");
  // Another order is unfinished: this one is not it, so equal is not enough.
  EXPECT_EQ(refusal_with([](Case& c) {
              c.node.spent.sequence_last = 1;
              c.node.spent.unfinished = other();
            }),
            "order-superseded");
}

TEST(PermitAttack, G05_TheWindowHoldsItsBeginningAndNotItsEnd) {
  EXPECT_EQ(refusal_with([](Case& c) { c.at = c.order.from.plus(-1); }), "order-not-yet-valid");
  EXPECT_EQ(refusal_with([](Case& c) { c.at = c.order.from; }), "permitted");
  EXPECT_EQ(refusal_with([](Case& c) { c.at = c.order.until.plus(-1); }), "permitted");
  EXPECT_EQ(refusal_with([](Case& c) { c.at = c.order.until; }), "order-expired");
}

TEST(PermitAttack, F01_AnOlderReleaseIsRefusedWhateverItIsCalled) {
  const auto with_floor = [](std::uint64_t floor) {
    return refusal_with([&](Case& c) { c.node.counter_floors = {{c.order.product, floor}}; });
  };
  EXPECT_EQ(with_floor(2), "counter-rollback");
  EXPECT_EQ(with_floor(1), "permitted");
  EXPECT_EQ(refusal_with([](Case& c) {
              c.node.counter_floors = {{ProductId::parse("hss").value(), 9}};
            }),
            "permitted");
  PackageParts parts;
  parts.version = "99.0";
  Case renamed(prove(parts));
  renamed.node.counter_floors = {{renamed.order.product, 2}};
  EXPECT_EQ(renamed.refusal(), "counter-rollback");
}

// Where several things are wrong, the first of the list in the header is the refusal: each step takes one away.
// Persons of one pool except nothing on the nodes of another.
TEST(PermitAttack, H09_ExceptionsAreThoseOfTheNodesPool) {
  const auto with_exception_of = [](const std::string& pool) {
    const auto digest = file_digest(as_bytes("helper"));
    const ScanException exception{"usr/bin/helper",
                                  digest,
                                  "malware-found",
                                  "clamd",
                                  "Generic.Helper-1",
                                  PoolId::parse(pool).value(),
                                  test_time().plus(86400),
                                  test_time().plus(-3600),
                                  PersonId::parse("alice").value(),
                                  "vendor ticket 4711"};
    Case c;
    c.verdict.outcome = Outcome::excepted;
    c.verdict.findings = {{"malware-found", "usr/bin/helper", digest, "Generic.Helper-1"}};
    c.verdict.exceptions = {std::string(
        as_text(sign_statement(print_scan_exception(exception), {"alice-1", "bob-1", "carol-1"})))};
    c.order = make_order(policy(), c.verdict);
    return c.refusal();
  };
  EXPECT_EQ(with_exception_of("mme-east"), "permitted");
  EXPECT_EQ(with_exception_of("mme-west"), "scan-exception-invalid");
}

TEST(Permit, TheFirstLineThatFailsIsTheRefusal) {
  Case c;
  const auto right_verdict = c.verdict;
  const auto right_order = c.order;
  c.verdict.package = other();
  c.order.package = other();
  c.order.nodes = {NodeId::parse("mme-2").value()};
  c.node.spent.sequence_last = 5;
  c.at = c.order.until;
  c.node.counter_floors = {{c.order.product, 9}};
  EXPECT_EQ(c.refusal(), "verdict-other-package");
  c.verdict = right_verdict;
  c.verdict.time = c.verdict.time.plus(1);
  EXPECT_EQ(c.refusal(), "order-other-package");
  c.order.package = right_order.package;
  EXPECT_EQ(c.refusal(), "order-other-verdict");
  c.verdict = right_verdict;
  EXPECT_EQ(c.refusal(), "order-other-node");
  c.order.nodes = right_order.nodes;
  c.node.spent.orders = {c.order_digest()};
  EXPECT_EQ(c.refusal(), "order-replayed");
  c.node.spent.orders.clear();
  EXPECT_EQ(c.refusal(), "order-superseded");
  c.node.spent.sequence_last = 0;
  EXPECT_EQ(c.refusal(), "order-expired");
  c.at = test_time();
  EXPECT_EQ(c.refusal(), "counter-rollback");
  c.node.counter_floors.clear();
  EXPECT_EQ(c.refusal(), "permitted");
}

}  // namespace
}  // namespace sallyport
