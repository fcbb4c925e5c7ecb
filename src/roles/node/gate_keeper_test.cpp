// SPDX-License-Identifier: Apache-2.0
#include "roles/node/gate_keeper.h"

#include <gtest/gtest.h>

#include "roles/node/gate_books_for_test.h"
#include "roles/node/officers_for_test.h"
#include "roles/node/run.h"
#include "roles/node/status.h"

namespace sallyport::node {
namespace {

TEST_F(GateKeeperTest, M27_WithoutAGenerationNothingIsListed) {
  look();
  adopt();
  look();
  EXPECT_TRUE(terms().files.empty());
  EXPECT_EQ(terms().mode, GateMode::enforce);
  EXPECT_TRUE(written().generations.empty());
}

TEST_F(GateKeeperTest, ListsTheActiveGenerationAndTellsOnlyWhatIsInForce) {
  world.install(first_delivery()).value();
  look();
  EXPECT_FALSE(disk.find(gate_paths::status).value());
  adopt();
  look();
  const auto status = written();
  EXPECT_EQ(status.generations, std::vector<std::uint64_t>{1});
  EXPECT_EQ(status.custodian, 4711);
  EXPECT_EQ(status.services.size(), 1U);
  EXPECT_EQ(status.services.at(0).group,
            confinement.groups.at(service_group("/node", status.services[0].service)));
  EXPECT_EQ(terms().service_groups.size(), 1U);
  for (const auto& [path, file] : first_parts().files) EXPECT_TRUE(lists(file.content)) << path;
  EXPECT_FALSE(lists(only_first + "1"));
}

// Root may remove a group that nobody is in: `node run` makes it anew, and its processes are the service's as before.
TEST_F(GateKeeperTest, M09_AGroupThatWasMadeAnewIsKnownByItsNewNumber) {
  world.install(first_delivery()).value();
  look();
  adopt();
  look();
  const auto name = written().services.at(0).service;
  const auto lock = hold_lock();
  EXPECT_EQ(group_admission(disk, confinement, "/node", name).value(), Admission::admitted);
  confinement.groups.at(service_group("/node", name)) = 4711;
  EXPECT_EQ(group_admission(disk, confinement, "/node", name).value(), Admission::not_yet);
  look();
  adopt();
  look();
  EXPECT_EQ(terms().service_groups[0], 4711U);
  EXPECT_EQ(group_admission(disk, confinement, "/node", name).value(), Admission::admitted);
}

// M26: what is switched from and to is listed while it is switched, and no longer.
TEST_F(GateKeeperTest, M26_BothGenerationsAreListedDuringTheSwitchAlone) {
  world.install(first_delivery()).value();
  auto books = Books::open(disk).value();
  auto during = books.state();
  EXPECT_EQ(generations_to_run(during), std::vector<install::GenerationNumber>{1});
  during.switching = install::Switching{1, 2};
  EXPECT_EQ(generations_to_run(during), (std::vector<install::GenerationNumber>{1, 2}));
  during.active = 0;
  during.switching = install::Switching{0, 2};
  EXPECT_EQ(generations_to_run(during), std::vector<install::GenerationNumber>{2});
  look();
  adopt();
  world.install(second_delivery()).value();
  look();
  adopt();
  look();
  EXPECT_EQ(written().generations, std::vector<std::uint64_t>{2});
  EXPECT_FALSE(lists(only_first));
}

TEST_F(GateKeeperTest, WaitsUntilTheTermsBeforeAreAdopted) {
  look();
  world.install(first_delivery()).value();
  look();
  EXPECT_EQ(board->published(), 1U);
  adopt();
  look();
  EXPECT_EQ(board->published(), 2U);
}

TEST_F(GateKeeperTest, FollowsTheMode) {
  set_gate_mode(disk, GateMode::observe).value();
  look();
  adopt();
  EXPECT_EQ(terms().mode, GateMode::observe);
  set_gate_mode(disk, GateMode::enforce).value();
  look();
  EXPECT_EQ(terms().mode, GateMode::enforce);
  disk.replace_file(gate_paths::mode, as_bytes("anything\n"), 0600).value();
  EXPECT_EQ(gate_mode(disk).error().code, Code::node_state_damaged);
  EXPECT_EQ(gate_mode(disk).error().where, gate_paths::mode);
}

// A generation whose papers were changed lists nothing anew: what was in force stays.
TEST_F(GateKeeperTest, DamagedPapersChangeNothing) {
  world.install(first_delivery()).value();
  look();
  adopt();
  const auto listed = terms().files.size();
  disk.replace_file("generations/1/tree.json", as_bytes("{}"), 0600).value();
  set_gate_mode(disk, GateMode::observe).value();
  EXPECT_FALSE(keeper.look(testkit::test_time()).ok());
  EXPECT_EQ(board->published(), 1U);
  EXPECT_EQ(terms().files.size(), listed);
  EXPECT_EQ(terms().mode, GateMode::enforce);
}

TEST_F(GateKeeperTest, WritesRefusalsAndAlarmsDown) {
  look();
  adopt();
  const GateQuestion question{
      Access::execute, Asker::other, FileKind::regular, Place::code, Looks::unknown, Steadiness::steady, 9,
      std::nullopt};
  const GateVerdict denied{GateAnswer::deny, GateReason::unlisted};
  worker.record({{GateMode::enforce, question, denied}, 99, "/x/\n\xff"});
  worker.record({{GateMode::observe, question, {GateAnswer::allow, GateReason::unlisted}}, 99, "/x"});
  worker.alarm_overflow();
  look();
  ASSERT_EQ(events.events.size(), 3U);
  EXPECT_EQ(events.events[0].activity, "gate-deny");
  EXPECT_EQ(events.events[0].error.value().code, Code::gate_denied);
  EXPECT_EQ(parse_trace(events.events[0].checks.at(1).finding).value().verdict, denied);
  EXPECT_EQ(events.events[1].activity, "gate-observe");
  EXPECT_FALSE(events.events[1].error);
  EXPECT_EQ(events.events[2].error.value().code, Code::gate_overflow);
  look();
  EXPECT_EQ(events.events.size(), 3U);
}

// Nobody reads a number of answers that is older than this, and nothing is written while nobody asks.
TEST_F(GateKeeperTest, TellsTheNumberOfAnswersOnceInAWhile) {
  look();
  adopt();
  look();
  const GateVerdict allowed{GateAnswer::allow, GateReason::listed};
  const auto in = [](int seconds) { return testkit::test_time().plus(seconds); };
  worker.count(allowed);
  keeper.look(in(GateKeeper::answers_told_each_s - 1)).value();
  EXPECT_EQ(written().counts.answered, 0U);
  keeper.look(in(GateKeeper::answers_told_each_s)).value();
  EXPECT_EQ(written().counts.answered, 1U);
  const auto changed = disk.find(gate_paths::status).value()->changed;
  keeper.look(in(1000)).value();
  EXPECT_EQ(disk.find(gate_paths::status).value()->changed, changed);
  // A clock that was set back keeps nothing untold.
  worker.count(allowed);
  keeper.look(in(-1000)).value();
  EXPECT_EQ(written().counts.answered, 2U);
}

TEST_F(GateKeeperTest, TellsForWhichReasonsItRefused) {
  look();
  adopt();
  worker.count({GateAnswer::deny, GateReason::unlisted});
  board->worker(2).count({GateAnswer::deny, GateReason::unlisted});
  worker.count({GateAnswer::deny, GateReason::being_written});
  worker.count({GateAnswer::allow, GateReason::code_in_data});
  worker.count({GateAnswer::allow, GateReason::data});
  look();
  const auto counts = written().counts;
  const std::array<RefusalCount, 5> expected{{{2, 0}, {0, 1}, {0, 0}, {0, 0}, {1, 0}}};
  EXPECT_EQ(counts.refusals, expected);
  EXPECT_EQ(counts.answered, 5U);
  EXPECT_EQ(counts.denied, 3U);
  EXPECT_EQ(counts.would_deny, 1U);
}

TEST_F(GateKeeperTest, FloodsOfRefusalsAreWrittenInPortions) {
  look();
  adopt();
  const GateQuestion question{
      Access::execute, Asker::other, FileKind::regular, Place::code, Looks::unknown, Steadiness::steady, 9,
      std::nullopt};
  for (int i = 0; i < 300; ++i) {
    worker.record({{GateMode::enforce, question, {GateAnswer::deny, GateReason::unlisted}}, i, "/x"});
  }
  look();
  // Sixteen refusals, and one event that says how many found no room.
  EXPECT_EQ(events.events.size(), 17U);
  EXPECT_NE(events.events.back().effect.find("44 refusals"), std::string::npos);
}

// Who is refused again and again fills no disk: some at once, then few each second; the rest is counted.
TEST_F(GateKeeperTest, RefusalsThatGoOnAreWrittenAtSomeRate) {
  look();
  adopt();
  const GateQuestion question{
      Access::execute, Asker::other, FileKind::regular, Place::code, Looks::unknown, Steadiness::steady, 9,
      std::nullopt};
  const auto flood = [&](std::int64_t seconds, int looks) {
    const auto before = events.events.size();
    for (int i = 0; i < looks; ++i) {
      for (int k = 0; k < GateKeeper::records_each_look_max; ++k)
        worker.record({{GateMode::enforce, question, {GateAnswer::deny, GateReason::unlisted}}, 99, "/x"});
      keeper.look(testkit::test_time().plus(seconds)).value();
    }
    return events.events.size() - before;
  };
  EXPECT_GE(flood(1, 100), 1000U);
  EXPECT_EQ(flood(2, 100), 10U);
  EXPECT_EQ(flood(3, 100), 10U);
}

TEST_F(GateKeeperTest, BooksThatWereStartedAgainAreAnAlarm) {
  look();
  adopt();
  board->count_books_restart();
  look();
  look();
  ASSERT_EQ(events.events.size(), 1U);
  EXPECT_EQ(events.events[0].activity, "gate-alarm");
  EXPECT_EQ(events.events[0].subject, "books");
}

TEST_F(GateKeeperTest, ThatItWasToldToEndIsAnEventAndStaysInTheStatusUntilOneRuns) {
  look();
  adopt();
  look();
  keeper.end(testkit::test_time()).value();
  ASSERT_EQ(events.events.size(), 1U);
  EXPECT_EQ(events.events[0].activity, "gate-end");
  EXPECT_FALSE(events.events[0].error);
  const auto ports = world.ports();
  EXPECT_EQ(status(ports).value().gate.value().ended, testkit::test_time());
  GateKeeper next(
      {disk, *board, confinement, host, events, "/node", 4712,
       [](const std::string&) { return Result<std::vector<Hole>>(std::vector<Hole>()); },
       [](const RunningScope&) { return Result<std::vector<RunningCode>>(std::vector<RunningCode>()); }});
  next.look(testkit::test_time()).value();
  adopt();
  next.look(testkit::test_time()).value();
  EXPECT_FALSE(status(ports).value().gate.value().ended);
}

// What was refused while the books could not be read, or the event log not be written, is not forgotten.
TEST_F(GateKeeperTest, RefusalsOutlastBooksAndLogsThatFail) {
  world.install(first_delivery()).value();
  look();
  adopt();
  const GateQuestion question{
      Access::execute, Asker::other, FileKind::regular, Place::code, Looks::unknown, Steadiness::steady, 9,
      std::nullopt};
  const GateVerdict denied{GateAnswer::deny, GateReason::unlisted};
  worker.record({{GateMode::enforce, question, denied}, 1, "/x"});
  worker.record({{GateMode::enforce, question, denied}, 2, "/y"});
  events.full = true;
  EXPECT_EQ(keeper.look(testkit::test_time()).error().code, Code::disk_full);
  events.full = false;
  disk.replace_file("generations/1/tree.json", as_bytes("{}"), 0600).value();
  set_gate_mode(disk, GateMode::observe).value();
  EXPECT_FALSE(keeper.look(testkit::test_time()).ok());
  ASSERT_EQ(events.events.size(), 2U);
  EXPECT_EQ(events.events[0].subject, "/x");
  EXPECT_EQ(events.events[1].subject, "/y");
}

// node run: it waits for a gate, and for no gate it does not.
TEST_F(GateKeeperTest, NothingStartsBeforeAGateHasTakenTheJournalIn) {
  world.install(first_delivery()).value();
  EXPECT_EQ(admission(disk).value(), Admission::no_gate);
  EXPECT_EQ(gate_status(disk).error().code, Code::gate_not_running);
  disk.replace_file(gate_paths::lock, {}, 0600).value();
  const auto lock = disk.lock(gate_paths::lock).value();
  EXPECT_EQ(admission(disk).value(), Admission::not_yet);
  look();
  adopt();
  look();
  EXPECT_EQ(admission(disk).value(), Admission::admitted);
  const auto status = disk.read_small(gate_paths::status, gate_status_size_max).value();
  disk.replace_file(gate_paths::status, as_bytes("{"), 0600).value();
  EXPECT_EQ(admission(disk).error().where, "run/gate.json: JSON at byte 1");
  EXPECT_EQ(world.install(second_delivery()).error().where, "run/gate.json: JSON at byte 1");
  EXPECT_EQ(node::status(world.ports()).value().gate.value().not_known, Code::json_malformed);
  disk.replace_file(gate_paths::status, status, 0600).value();
  world.install(second_delivery()).value();
  EXPECT_EQ(admission(disk).value(), Admission::not_yet);
  look();
  adopt();
  look();
  EXPECT_EQ(admission(disk).value(), Admission::admitted);
}

// A node whose policy, version 1, says this of its gate, and has officers who may say something else.
class GatePolicyTest : public GateBooksTest {
 protected:
  static std::string policy(std::uint64_t version, std::optional<testkit::GatePart> gate) {
    auto parts = officers_parts(version);
    parts.pools[0].gate = std::move(gate);
    return testkit::print_policy(parts);
  }
  void begin(std::optional<testkit::GatePart> gate) { world.init(policy(1, std::move(gate))).value(); }
  void put_in_force(std::uint64_t version, std::optional<testkit::GatePart> gate) {
    change_policy(world.ports(), signed_text(policy(version, std::move(gate)), {"bob-1", "carol-1"})).value();
  }
  void settle() {
    look();
    adopt();
    look();
  }
  int alarms(Code code) const {
    int count = 0;
    for (const auto& event : events.events) count += event.error && event.error->code == code ? 1 : 0;
    return count;
  }
  const testkit::GatePart enforce{"enforce", {}, {}};
  const std::string until = testkit::test_time().print();
  const testkit::GatePart observe{"observe", {}, until};
};

TEST_F(GatePolicyTest, M38_TheModeIsThePolicysAndNotTheNodes) {
  begin(enforce);
  set_gate_mode(disk, GateMode::observe).value();
  settle();
  EXPECT_EQ(board->newest().mode, GateMode::enforce);
  EXPECT_EQ(written().mode_from, ModeFrom::policy);
  const auto orders = gate_orders(disk).value();
  EXPECT_EQ(check_mode(orders, GateMode::observe).value().code, Code::gate_mode_fixed);
  EXPECT_FALSE(check_mode(orders, GateMode::enforce));
}

TEST_F(GatePolicyTest, WhereThePolicyIsSilentTheNodeSays) {
  begin({});
  set_gate_mode(disk, GateMode::observe).value();
  settle();
  EXPECT_EQ(written().mode, GateMode::observe);
  EXPECT_EQ(written().mode_from, ModeFrom::node);
  EXPECT_FALSE(check_mode(gate_orders(disk).value(), GateMode::enforce));
  EXPECT_TRUE(tried_as.empty());
}

TEST_F(GatePolicyTest, APolicyThatLeavesTheNodeOutSaysNothingOfItsGate) {
  begin(observe);
  auto parts = officers_parts(2);
  parts.pools[0].gate = observe;
  parts.pools[0].nodes = {"mme-2"};
  change_policy(world.ports(), signed_text(testkit::print_policy(parts), {"bob-1", "carol-1"})).value();
  EXPECT_FALSE(gate_orders(disk).value().rule);
  EXPECT_EQ(gate_orders(disk).value().mode, GateMode::enforce);
}

// One journal record is one set of terms: mode and files go together.
TEST_F(GatePolicyTest, AChangeOfPolicyReachesARunningGateBetweenTwoAnswers) {
  begin(observe);
  settle();
  EXPECT_EQ(board->newest().mode, GateMode::observe);
  put_in_force(2, enforce);
  EXPECT_EQ(board->newest().mode, GateMode::observe);
  look();
  EXPECT_EQ(board->published(), 2U);
  EXPECT_EQ(board->newest().mode, GateMode::enforce);
  // Not told, and nothing started, before it is in force and tried.
  EXPECT_EQ(written().mode, GateMode::observe);
  adopt();
  look();
  EXPECT_EQ(written().mode, GateMode::enforce);
  EXPECT_EQ(written().policy_version, 2U);
}

TEST_F(GatePolicyTest, TheEndOfAGateThatThePolicyDemandsIsToldAsSuch) {
  begin(enforce);
  settle();
  keeper.end(testkit::test_time()).value();
  EXPECT_EQ(events.events.back().activity, "gate-end");
  EXPECT_EQ(events.events.back().error.value().code, Code::gate_absent);
  const auto found = status(world.ports()).value().findings.back();
  EXPECT_EQ(found.code, Code::gate_absent);
  EXPECT_NE(found.found.find("told to end at " + testkit::test_time().print()), std::string::npos);
}

// Those out of services are tried by who starts one, as what confines it can be seen only there.
TEST_F(GatePolicyTest, TheGateTriesTheWaysPastItselfAlone) {
  begin(testkit::GatePart{"enforce", {"service-trace", "exec-script"}, {}});
  settle();
  EXPECT_EQ(written().wanted, std::vector<std::string>{"exec-script"});
  EXPECT_EQ(wanted_of_services(gate_orders(disk).value()), std::vector<std::string>{"service-trace"});
}

TEST_F(GatePolicyTest, EnforcingIsNotClaimedBeforeTheWaysWereTriedUnderIt) {
  begin(enforce);
  look();
  EXPECT_TRUE(tried_as.empty());
  EXPECT_FALSE(keeper.is_tried());
  adopt();
  look();
  look();
  EXPECT_EQ(tried_as, std::vector<std::string>{""});
  EXPECT_TRUE(keeper.is_tried());
  EXPECT_FALSE(keeper.not_closed());
  EXPECT_EQ(written().holes, holes);
}

TEST_F(GatePolicyTest, AWayThatIsOpenIsAnAlarmAndStartsNoService) {
  begin(testkit::GatePart{"enforce", {"exec-script", "exec-bind-mount"}, {}});
  disk.ensure_folder("run").value();
  disk.replace_file(gate_paths::lock, {}, 0600).value();
  const auto lock = disk.lock(gate_paths::lock).value();
  holes = all(HoleState::open);
  holes[1].state = HoleState::closed;  // exec-script
  settle();
  ASSERT_TRUE(keeper.not_closed());
  EXPECT_EQ(keeper.not_closed().value().found, "exec-bind-mount is not");
  EXPECT_EQ(alarms(Code::gate_hole_open), 1);
  EXPECT_EQ(admission(disk).error().code, Code::gate_hole_open);
  EXPECT_EQ(board->newest().mode, GateMode::enforce);
  look();
  EXPECT_EQ(alarms(Code::gate_hole_open), 1);
  EXPECT_EQ(status(world.ports()).value().findings.back().code, Code::gate_hole_open);
}

TEST_F(GatePolicyTest, WaysOfServicesAreTriedWhenThereAreServices) {
  begin(enforce);
  const auto lock = hold_lock();
  settle();
  EXPECT_EQ(tried_as, std::vector<std::string>{""});
  const auto under = policy(1, enforce);
  world.install(deliver(first_parts(), 1, under)).value();
  settle();
  ASSERT_EQ(tried_as.size(), 2U);
  EXPECT_EQ(tried_as[1], service_group("/node", written().services.at(0).service));
  world.install(deliver(second_parts(), 2, under)).value();
  settle();
  EXPECT_EQ(tried_as.size(), 2U);
  EXPECT_EQ(written().holes, holes);
}

TEST_F(GatePolicyTest, WhatIsWantedAgainIsTriedAgain) {
  begin(enforce);
  settle();
  put_in_force(2, observe);
  settle();
  EXPECT_TRUE(written().holes.empty());
  put_in_force(3, enforce);
  settle();
  EXPECT_EQ(tried_as.size(), 2U);
}

TEST_F(GatePolicyTest, M38_ObservingForLongerThanThePolicySaysIsAnAlarm) {
  begin(observe);
  settle();
  EXPECT_EQ(alarms(Code::gate_observes_too_long), 0);
  keeper.look(testkit::test_time().plus(1)).value();
  keeper.look(testkit::test_time().plus(2)).value();
  EXPECT_EQ(alarms(Code::gate_observes_too_long), 1);
  EXPECT_EQ(events.events.back().activity, "gate-alarm");
  put_in_force(2, testkit::GatePart{"observe", {}, testkit::test_time().plus(86400).print()});
  settle();
  EXPECT_EQ(alarms(Code::gate_observes_too_long), 1);
}

// A clock that is set back makes nothing last longer.
TEST_F(GatePolicyTest, M38_TheTimeThatWasSignedLastIsNotForgotten) {
  begin(observe);
  const auto set_back = testkit::test_time().plus(-86400);
  keeper.look(set_back).value();
  adopt();
  keeper.look(set_back).value();
  EXPECT_EQ(alarms(Code::gate_observes_too_long), 0);
  const auto signed_time = testkit::test_time().plus(10);
  auto books = Books::open(disk).value();
  books.append({signed_time, install::TimeSeen{signed_time}}).value();
  keeper.look(set_back).value();
  adopt();
  keeper.look(set_back).value();
  EXPECT_EQ(alarms(Code::gate_observes_too_long), 1);
  EXPECT_EQ(observes_too_long(gate_orders(disk).value(), set_back).value().code,
            Code::gate_observes_too_long);
}

}  // namespace
}  // namespace sallyport::node
