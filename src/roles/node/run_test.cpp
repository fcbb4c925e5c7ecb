// SPDX-License-Identifier: Apache-2.0
#include "roles/node/run.h"

#include <gtest/gtest.h>

#include <csignal>

#include "adapters/confine/memory.h"
#include "core/format/service_exceptions.h"
#include "roles/node/world_for_test.h"

namespace sallyport::node {
namespace {

class RunTest : public testing::Test {
 protected:
  RunTest() { world.init().value(); }
  Result<RunningService> run(std::string_view name = "mme") {
    return start_service({disk, gate, workers, "/node"}, ServiceId::parse(name).value());
  }
  void expect_refused(Code code) {
    const auto refused = run();
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(name(refused.error().code), name(code));
    EXPECT_TRUE(gate.started.empty());
    EXPECT_FALSE(disk.find("run/mme.json").value().has_value());
  }
  void replace(const std::string& path, std::string_view content) {
    const auto old = disk.find(path).value();
    disk.replace_file(path, as_bytes(content), old ? old->mode : 0644).value();
  }

  MemoryDisk disk;
  World world{disk};
  MemoryGate gate;
  InlineWorkers workers;
};

TEST_F(RunTest, ConfinesTheServiceOfTheActiveGeneration) {
  world.install(first_delivery()).value();
  auto running = run().value();
  EXPECT_EQ(running.generation, 1U);
  ASSERT_EQ(gate.started.size(), 1U);
  EXPECT_EQ(gate.started[0].tree_folder, "/node/generations/1/tree");
  EXPECT_EQ(gate.started[0].data_folder, "/node/data/mme");
  EXPECT_EQ(gate.started[0].log_file, "/node/log/mme.log");
  EXPECT_EQ(gate.started[0].service.argv[0], first_service);
  const auto bytes = disk.read_small("run/mme.json", run_record_size_max).value();
  const auto record = parse_run_record(bytes).value();
  EXPECT_EQ(record.process, (ProcessIdentity{4711, 12}));
  EXPECT_EQ(record.coverage.size(), 1U);
}

TEST_F(RunTest, M15_TellsWhatRunsScriptsAndWhoMayExecuteThat) {
  testkit::PackageParts parts;
  parts.files["usr/bin/dash"] = {"a shell"};
  parts.files["usr/bin/hidden"] = {"a shell"};
  parts.files["usr/bin/native"] = {"a native program"};
  const std::vector<std::pair<std::string, bool>> programs = {
      {"/usr/bin/native", false}, {"/usr/bin/mme", true}, {"/usr/bin/dash", true}, {"/usr/bin/hidden", true}};
  for (std::size_t i = 0; i < programs.size(); ++i) {
    auto service = testkit::make_service("s" + std::to_string(i));
    service.argv[0] = programs[i].first;
    service.state_folders = {};
    parts.services.push_back(std::move(service));
  }
  world.install(deliver(parts, 1)).value();
  for (std::size_t i = 0; i < programs.size(); ++i) {
    run("s" + std::to_string(i)).value();
    const auto& asked = gate.started.back();
    std::vector<std::string> paths;
    for (const auto& path : asked.interpreters) paths.push_back(path.text());
    EXPECT_EQ(paths, (std::vector<std::string>{"usr/bin/dash", "usr/bin/hidden"}));
    EXPECT_EQ(has_exception(asked.service, ServiceException::interpreters), programs[i].second)
        << programs[i].first;
  }
}

// An ELF header and one segment, of the stack.
std::string program_with_stack(char flags) {
  std::string text(64 + 56, '\0');
  text.replace(0, 4, "\177ELF");
  text[32] = 64;
  text[54] = 56;
  text[56] = 1;
  text.replace(64, 4, "\x51\xe5\x74\x64");
  text[68] = flags;
  return text;
}

TEST_F(RunTest, M10_TellsWhichProgramsHaveMemoryThatIsWrittenAndExecuted) {
  testkit::PackageParts parts;
  parts.files["usr/bin/old"] = {program_with_stack(7)};
  parts.files["usr/bin/new"] = {program_with_stack(6)};
  parts.files["usr/share/old"] = {program_with_stack(7), 0644};
  for (const auto& [name, program] :
       {std::pair{"s0", "/usr/bin/new"}, {"s1", "/usr/bin/old"}, {"s2", "/usr/bin/old"}}) {
    auto service = testkit::make_service(name);
    service.argv[0] = program;
    service.state_folders = {};
    if (service.name.text() == "s2") service.exceptions = {ServiceException::jit};
    parts.services.push_back(std::move(service));
  }
  world.install(deliver(parts, 1)).value();
  for (const char* name : {"s0", "s2"}) {
    run(name).value();
    EXPECT_EQ(gate.started.back().writable_code, std::vector{RelativePath::parse("usr/bin/old").value()});
  }
  const auto refused = run("s1");
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, Code::service_start_failed);
  EXPECT_EQ(refused.error().where, "/usr/bin/old");
}

TEST_F(RunTest, RunsTheNewGenerationAfterAnUpgrade) {
  world.install(first_delivery()).value();
  world.install(second_delivery()).value();
  EXPECT_EQ(run().value().generation, 2U);
  EXPECT_EQ(gate.started.at(0).service.argv[0], second_service);
}

TEST_F(RunTest, RefusesAnAlteredFileThatIsNotOfTheService) {
  world.install(first_delivery()).value();
  replace("generations/1/tree/etc/mme.conf", "plmn: 99999\n");
  expect_refused(Code::generation_damaged);
}

TEST_F(RunTest, RefusesAMissingFile) {
  world.install(first_delivery()).value();
  disk.remove("generations/1/tree/etc/mme.conf").value();
  expect_refused(Code::generation_file_missing);
}

TEST_F(RunTest, RefusesAFileThatWasAdded) {
  world.install(first_delivery()).value();
  replace("generations/1/tree/etc/other.conf", "x");
  expect_refused(Code::generation_file_unlisted);
}

TEST_F(RunTest, RefusesChangedPapers) {
  world.install(first_delivery()).value();
  replace("generations/1/tree.json", "{}");
  expect_refused(Code::generation_damaged);
}

TEST_F(RunTest, RefusesWhenNothingIsActive) {
  expect_refused(Code::nothing_active);
}

TEST_F(RunTest, RefusesAServiceThatTheReleaseDoesNotHave) {
  world.install(first_delivery()).value();
  const auto refused = run("sgw");
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, Code::service_unknown);
  EXPECT_EQ(refused.error().expected, "mme");
}

TEST_F(RunTest, HandsOnWhyTheGateDidNotStartIt) {
  world.install(first_delivery()).value();
  gate.refuse_with = Error(Code::not_supported, "namespaces");
  expect_refused(Code::not_supported);
}

// A policy may want ways out of services closed: they are tried before the service runs, and told in its record.
class RunWaysTest : public RunTest {
 protected:
  Result<RunningService> run_with(std::vector<std::string> wanted) {
    return start_service({disk, gate, workers, "/node", GroupNeed::required, 4711, std::move(wanted)},
                         ServiceId::parse("mme").value());
  }
  RunRecord record() {
    return parse_run_record(disk.read_small("run/mme.json", run_record_size_max).value()).value();
  }
};

TEST_F(RunWaysTest, WaysThatThePolicyWantsClosedAreTriedBeforeAStart) {
  world.install(first_delivery()).value();
  gate.attempts = {{"service-trace", AttemptEnd::refused, "seccomp"},
                   {"service-kernel", AttemptEnd::not_tried, ""},
                   {"service-mounts", AttemptEnd::passed, ""}};
  EXPECT_TRUE(run_with({"service-trace", "service-kernel"}).ok());
  EXPECT_EQ(gate.tried.size(), 1U);
  EXPECT_EQ(gate.tried[0].custodian, 4711);
  EXPECT_EQ(record().closed, (std::vector<std::string>{"service-trace", "service-kernel"}));
}

TEST_F(RunWaysTest, NothingIsStartedWhileOneIsOpenOrWasNotTried) {
  world.install(first_delivery()).value();
  gate.attempts = {{"service-mounts", AttemptEnd::passed, ""}};
  for (const std::string wanted : {"service-mounts", "service-trace"}) {
    const auto refused = run_with({wanted});
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code, Code::gate_hole_open);
    EXPECT_EQ(refused.error().found, wanted + " is not");
  }
  EXPECT_TRUE(gate.started.empty());
  EXPECT_FALSE(disk.find("run/mme.json").value());
}

// The service begins with "#!": it has declared interpreters by that, which its papers did not show.
TEST_F(RunWaysTest, AReleaseThatOpensOneIsRefusedWithoutTrying) {
  world.install(first_delivery()).value();
  const auto refused = run_with({"service-trace", "service-script-text"});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, Code::exception_not_allowed);
  EXPECT_EQ(refused.error().found, "service-script-text (interpreters)");
  EXPECT_TRUE(gate.tried.empty());
  EXPECT_TRUE(gate.started.empty());
}

TEST_F(RunWaysTest, WithoutSuchAPolicyNothingIsTried) {
  world.install(first_delivery()).value();
  EXPECT_TRUE(run_with({}).ok());
  EXPECT_TRUE(gate.tried.empty());
  EXPECT_TRUE(record().closed.empty());
}

TEST_F(RunTest, AnEndThatNobodyAskedForIsAnError) {
  world.install(first_delivery()).value();
  const auto mme = ServiceId::parse("mme").value();
  for (const Ended good : {Ended{ServiceEnd::exited, 0}, Ended{ServiceEnd::killed, SIGTERM}}) {
    gate.ends = good;
    auto running = run().value();
    EXPECT_TRUE(attend(running, mme).ok());
  }
  for (const Ended bad : {Ended{ServiceEnd::exited, 7}, Ended{ServiceEnd::killed, SIGSEGV}}) {
    gate.ends = bad;
    auto running = run().value();
    const auto ended = attend(running, mme);
    ASSERT_FALSE(ended.ok());
    EXPECT_EQ(ended.error().code, Code::service_ended);
  }
}

}  // namespace
}  // namespace sallyport::node
