// SPDX-License-Identifier: Apache-2.0
// Nodes whose policy requires that orders are in a transparency log.
#include <gtest/gtest.h>

#include <algorithm>

#include "adapters/disk/faulty.h"
#include "roles/node/officers_for_test.h"
#include "roles/node/recall.h"
#include "roles/node/recalls_for_test.h"
#include "roles/node/status.h"
#include "roles/node/world_for_test.h"
#include "testkit/tlog.h"

namespace sallyport::node {
namespace {

std::string logged_policy_text(std::optional<std::uint64_t> age_hours_max = {}) {
  auto parts = testkit::parts(testkit::acme().anchor_pem());
  parts.log = testkit::log_part();
  parts.log->age_hours_max = age_hours_max;
  return testkit::print_policy(parts);
}

Delivery deliver_logged(const testkit::PackageParts& parts, std::uint64_t sequence,
                        std::optional<std::uint64_t> age_hours_max = {}) {
  return deliver(parts, sequence, logged_policy_text(age_hours_max));
}

// A log in memory: honest, unless a test makes it otherwise.
struct TestLog {
  std::vector<tlog::TreeHash> leaves = tlog::numbered_leaves(3);
  std::vector<std::size_t> witnesses = {0, 2};
  std::int64_t cosigned_hours_later = 0;  // than an hour before testkit::test_time()

  std::uint64_t add(const Delivery& delivery) { return add(delivery.order); }
  std::uint64_t add(const Bytes& statement) {
    leaves.push_back(tlog::leaf_hash(as_bytes(tlog::print_entry(tlog::statement_entry(statement).value()))));
    return leaves.size() - 1;
  }
  Bytes prove(std::uint64_t index, const std::vector<std::uint64_t>& since = {}) const {
    const tlog::LeafHashes tree(leaves);
    const tlog::Head head{leaves.size(), tlog::root_of(tree, leaves.size()).value()};
    tlog::Proof proof{{}, index, tlog::inclusion_proof(tree, index, head.size).value(), {}};
    for (const auto from : since)
      proof.since.push_back({from, tlog::consistency_proof(tree, from, head.size).value()});
    proof.checkpoint = tlog::print_note(tlog::signed_checkpoint(
        head, witnesses, testkit::test_time().plus(3600 * (cosigned_hours_later - 1))));
    return copy(as_bytes(tlog::print_proof(proof)));
  }
};

struct LoggedWorld {
  explicit LoggedWorld(std::optional<std::uint64_t> age_hours_max = {}) {
    const auto made = node::init(disk,
                                 {copy(as_bytes(logged_policy_text(age_hours_max))),
                                  NodeId::parse("mme-1").value(), PoolId::parse("mme-east").value()},
                                 world.now, node_key_for_test);
    EXPECT_TRUE(made.ok());
  }
  Result<InstallReport> install(const Delivery& delivery, const std::optional<Bytes>& proof) {
    const MemorySource source(delivery.package);
    const auto at = world.ports();
    world.account = {};
    return node::install(at, {source, delivery.verdict, delivery.order, proof}, world.account);
  }
  Code refusal(const Delivery& delivery, const std::optional<Bytes>& proof) {
    const auto before = disk.dump();
    const auto result = install(delivery, proof);
    EXPECT_FALSE(result.ok());
    EXPECT_EQ(disk.dump(), before);
    return result.ok() ? Code::internal_error : result.error().code;
  }

  MemoryDisk disk;
  World world{disk};
};

const Delivery& first() {
  static const Delivery delivery = deliver_logged(first_parts(), 1);
  return delivery;
}
const Delivery& second() {
  static const Delivery delivery = deliver_logged(second_parts(), 2);
  return delivery;
}

bool has_check(const std::vector<Check>& checks, const std::string& name) {
  return std::any_of(checks.begin(), checks.end(), [&](const Check& check) { return check.name == name; });
}

TEST(LoggedNode, InstallsWhatTheLogHas) {
  LoggedWorld w;
  TestLog log;
  const auto index = log.add(first());
  const auto report = w.install(first(), log.prove(index)).value();
  EXPECT_TRUE(has_check(report.checks, "log inclusion"));
  EXPECT_TRUE(has_check(report.checks, "log witnesses"));
  const auto status = node::status(w.world.ports()).value();
  EXPECT_EQ(status.floors.logs.at("log.example/packages").size, 4U);
  EXPECT_TRUE(w.world.fsck().findings.empty());
  EXPECT_TRUE(w.disk.find("generations/1/order.dsse.proof").value().has_value());

  log.add(second());
  log.add(first());
  EXPECT_TRUE(w.install(second(), log.prove(4, {4})).ok());
  EXPECT_EQ(node::status(w.world.ports()).value().floors.logs.at("log.example/packages").size, 6U);
}

TEST(LoggedNodeAttack, NothingWithoutAProofOrWithAnothersProof) {
  LoggedWorld w;
  TestLog log;
  const auto index = log.add(second());
  EXPECT_EQ(w.refusal(first(), std::nullopt), Code::log_proof_missing);
  EXPECT_EQ(w.refusal(first(), log.prove(index)), Code::inclusion_proof_invalid);
  EXPECT_EQ(w.refusal(first(), Bytes()), Code::log_proof_malformed);
  EXPECT_FALSE(w.world.account.passed.empty());
}

// One approval more than was logged: another file, and another entry.
TEST(LoggedNodeAttack, N05_ExactlyTheOrderThatWasLogged) {
  LoggedWorld w;
  TestLog log;
  const auto index = log.add(first());
  auto other = first();
  auto envelope = parse_envelope(other.order).value();
  std::swap(envelope.signatures[1], envelope.signatures[2]);
  other.order = testkit::to_bytes(envelope);
  EXPECT_EQ(w.refusal(other, log.prove(index)), Code::inclusion_proof_invalid);
}

TEST(LoggedNodeAttack, TooFewWitnessesAndForgedOnes) {
  LoggedWorld w;
  TestLog log;
  const auto index = log.add(first());
  log.witnesses = {1};
  EXPECT_EQ(w.refusal(first(), log.prove(index)), Code::witnesses_missing);
  log.witnesses = {};
  EXPECT_EQ(w.refusal(first(), log.prove(index)), Code::witnesses_missing);
  log.witnesses = {1, 1};
  EXPECT_EQ(w.refusal(first(), log.prove(index)), Code::witnesses_missing);
}

// What the node saw last is kept with the order that it burnt: a log that went back, forked, or does not show how it
// got from there to here is refused, and the exit code says conflict.
TEST(LoggedNodeAttack, N02_N03_TheLogOnlyGrows) {
  LoggedWorld w;
  TestLog log;
  ASSERT_TRUE(w.install(first(), log.prove(log.add(first()))).ok());

  TestLog shorter;
  shorter.leaves.erase(shorter.leaves.begin() + 1, shorter.leaves.end());
  EXPECT_EQ(w.refusal(second(), shorter.prove(shorter.add(second()))), Code::log_shrunk);
  EXPECT_EQ(exit_of(Code::log_shrunk), Exit::conflict);

  TestLog same_size;
  EXPECT_EQ(w.refusal(second(), same_size.prove(same_size.add(second()))), Code::log_forked);
  EXPECT_EQ(exit_of(Code::log_forked), Exit::conflict);

  TestLog forked = log;
  forked.leaves[0] = tlog::leaf_hash({});
  EXPECT_EQ(w.refusal(second(), forked.prove(forked.add(second()), {4})), Code::log_forked);

  const auto index = log.add(second());
  EXPECT_EQ(w.refusal(second(), log.prove(index)), Code::log_consistency_missing);
  EXPECT_EQ(w.refusal(second(), log.prove(index, {2, 3})), Code::log_consistency_missing);
  EXPECT_TRUE(w.install(second(), log.prove(index, {2, 4})).ok());
}

// K10: with the journal's end gone, the copies of the state still know how large the log was.
TEST(LoggedNodeAttack, N03_TheCopiesOfTheStateRememberTheLog) {
  LoggedWorld w;
  TestLog log;
  ASSERT_TRUE(w.install(first(), log.prove(log.add(first()))).ok());
  for (const auto* name : {"state.a", "state.b"}) {
    const auto bytes = w.disk.read_small(name, 1U << 20U).value();
    const auto found = as_text(bytes).find(R"("logs":[{"origin":"log.example/packages","size":4,)");
    EXPECT_NE(found, std::string_view::npos) << name;
  }
}

// Cosignatures are of an hour before testkit::test_time().
TEST(LoggedNodeAttack, F03_O03_OldCheckpointIsNotFreshAndAClockSetBackMakesItNoFresher) {
  const auto old = deliver_logged(first_parts(), 1, 4);
  const auto next = deliver_logged(second_parts(), 2, 4);
  LoggedWorld w(4);
  TestLog log;
  const auto proof = log.prove(log.add(old));
  w.world.now = testkit::test_time().plus(3 * 3600 + 1);
  EXPECT_EQ(w.refusal(old, proof), Code::checkpoint_too_old);
  w.world.now = testkit::test_time().plus(3 * 3600);
  ASSERT_TRUE(w.install(old, proof).ok());
  // The witnesses look again five hours later: that is a time that the node has seen from now on.
  log.add(next);
  const auto stale = log.prove(4, {4});
  log.cosigned_hours_later = 5;
  const auto fresh = log.prove(4, {4});
  w.world.now = testkit::test_time().plus(4 * 3600);
  EXPECT_EQ(w.refusal(next, stale), Code::checkpoint_too_old);
  ASSERT_TRUE(w.install(next, fresh).ok());
  EXPECT_EQ(node::status(w.world.ports()).value().floors.time, testkit::test_time().plus(4 * 3600));
  const auto last = deliver_logged(third_parts(), 3, 4);
  log.cosigned_hours_later = 0;
  const auto third = log.prove(log.add(last), {5});
  for (const auto clock : {testkit::test_time().plus(3 * 3600), testkit::test_time()}) {
    w.world.now = clock;
    EXPECT_EQ(w.refusal(last, third), Code::checkpoint_too_old) << clock.print();
  }
}

TEST(LoggedNode, FinishesAnInterruptedInstallationWithTheSameProof) {
  TestLog log;
  const auto proof = log.prove(log.add(first()));
  for (const std::uint64_t nth : {20U, 40U, 60U}) {
    LoggedWorld w;
    FaultyDisk faulty(w.disk, nth, Then::crash);
    const MemorySource source(first().package);
    World cut(faulty);
    const auto at = cut.ports();
    (void)node::install(at, {source, first().verdict, first().order, proof}, cut.account).ok();
    w.disk.crash();
    EXPECT_TRUE(w.install(first(), proof).ok()) << nth;
  }
}

TEST(LoggedNode, WithoutALogInThePolicyItSaysSo) {
  MemoryDisk disk;
  World world(disk);
  ASSERT_TRUE(world.init().ok());
  const auto report = world.install(first_delivery()).value();
  EXPECT_TRUE(has_check(report.checks, "log"));
  EXPECT_TRUE(has_check(world.account.passed, "log"));
  EXPECT_TRUE(node::status(world.ports()).value().floors.logs.empty());
}

// It stops something, so that the age of its proof is nothing against it: a node that comes late takes it in.
TEST(LogAttack, H08_ARecallIsTakenWithTheProofThatTheLogHasIt) {
  LoggedWorld node(1);  // hour
  TestLog log;
  log.cosigned_hours_later = -1000;
  const auto recall = signed_recall(recall_of(1, {"helper"}));
  const auto other = signed_recall(recall_of(2, {"other"}));
  const auto proof = log.prove(log.add(recall));
  const auto taken = [&](const Bytes& file, const std::optional<Bytes>& with) {
    return refusal(take_recall(node.world.ports(), file, with));
  };
  EXPECT_EQ(taken(recall, std::nullopt), "log-proof-missing");
  EXPECT_EQ(taken(other, proof), "inclusion-proof-invalid");
  EXPECT_EQ(refusal(preview_recall(node.world.ports(), recall)), "log-proof-missing");
  log.witnesses = {0};
  EXPECT_EQ(taken(recall, log.prove(3)), "witnesses-missing");
  EXPECT_TRUE(node.world.state().recalls.empty());
  EXPECT_EQ(taken(recall, proof), "");
  EXPECT_EQ(taken(recall, std::nullopt), "");  // what the node has needs no proof
  EXPECT_EQ(node.world.state().recalls.size(), 1U);
}

}  // namespace
}  // namespace sallyport::node
