// SPDX-License-Identifier: Apache-2.0
// The supervisor against stand-ins for `node run`: small scripts that record themselves as it does.
#include "adapters/services/supervisor.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <thread>

#include "adapters/services/process.h"
#include "adapters/services/run_output.h"

namespace sallyport {
namespace {

namespace fs = std::filesystem;
using std::chrono::steady_clock;

constexpr const char* records_itself = R"(#!/bin/sh
read -r _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ ticks _ < /proc/$$/stat
printf '{"schema":"sallyport-run/1","service":"%s","generation":1,"pid":%d,"start_ticks":%d,"coverage":[]}\n' \
  "$3" $$ "$ticks" > "$5/run/$3.partial"
mv "$5/run/$3.partial" "$5/run/$3.json"
)";

class SupervisorTest : public testing::Test {
 protected:
  void SetUp() override {
    char name[] = "/tmp/supervisor-XXXXXX";
    root_ = ::mkdtemp(name);
  }
  void TearDown() override {
    static_cast<void>(supervisor_->stop(root_, service_));
    fs::remove_all(root_);
  }

  Supervisor& with(const std::string& script) {
    const auto path = root_ / "sallyport";
    std::ofstream(path) << script;
    ::chmod(path.c_str(), 0755);
    supervisor_ = std::make_unique<Supervisor>(path, stop_patience);
    return *supervisor_;
  }
  Supervisor& good() { return with(std::string(records_itself) + "exec sleep 1000\n"); }
  ServiceState state() { return supervisor_->state(root_, service_).value(); }

  static constexpr std::chrono::milliseconds stop_patience{500};
  fs::path root_;
  Service service_{ServiceId::parse("mme").value(), {"/bin/x"}, 1, 1, {}, Network::own, {}, {},
                   {{HealthKind::process, {}}},     3};
  std::unique_ptr<Supervisor> supervisor_;
};

TEST_F(SupervisorTest, StartsAndStops) {
  auto& supervisor = good();
  EXPECT_EQ(state(), ServiceState::stopped);
  ASSERT_TRUE(supervisor.start(root_, service_).ok());
  EXPECT_EQ(state(), ServiceState::running);
  EXPECT_TRUE(supervisor.wait_healthy(root_, service_).ok());
  ASSERT_TRUE(supervisor.stop(root_, service_).ok());
  EXPECT_EQ(state(), ServiceState::stopped);
  EXPECT_TRUE(supervisor.stop(root_, service_).ok());
}

TEST_F(SupervisorTest, StartsOnce) {
  auto& supervisor = good();
  ASSERT_TRUE(supervisor.start(root_, service_).ok());
  const auto again = supervisor.start(root_, service_);
  ASSERT_FALSE(again.ok());
  EXPECT_EQ(again.error().code, Code::service_running);
}

TEST_F(SupervisorTest, WhatItStartedIsKnownToTheNext) {
  ASSERT_TRUE(good().start(root_, service_).ok());
  Supervisor other("/nonexistent");
  EXPECT_EQ(other.state(root_, service_).value(), ServiceState::running);
  EXPECT_TRUE(other.stop(root_, service_).ok());
  EXPECT_EQ(other.state(root_, service_).value(), ServiceState::stopped);
}

TEST_F(SupervisorTest, HandsOnWhyTheRunWasRefused) {
  auto& supervisor = with(R"(#!/bin/sh
echo '{"schema":"sallyport-output/1","command":"node run","ok":false,"result":{},"error":{"code":"generation-damaged",
"kind":"refused","where":"usr/bin/mme","expected":"a","found":"b"}}'
exit 3
)");
  const auto started = supervisor.start(root_, service_);
  ASSERT_FALSE(started.ok());
  EXPECT_EQ(started.error().code, Code::generation_damaged);
  EXPECT_EQ(started.error().where, "usr/bin/mme");
}

TEST_F(SupervisorTest, ARunThatEndsWithoutAWordIsAFault) {
  for (const char* script : {"#!/bin/sh\nexit 0\n", "#!/bin/sh\necho '{}'\n", "#!/nonexistent\n",
                             "#!/bin/sh\necho '{\"error\":{\"code\":\"ok\"}}'\n"}) {
    const auto started = with(script).start(root_, service_);
    ASSERT_FALSE(started.ok());
    EXPECT_EQ(started.error().code, Code::service_start_failed);
  }
}

TEST_F(SupervisorTest, GivesTheRunNothingOfTheCallers) {
  const int leaked = ::open("/etc/passwd", O_RDONLY);
  ASSERT_EQ(::setenv("LD_PRELOAD", "", 1), 0);
  const auto started = with("#!/bin/sh\nreadlink /proc/$$/fd/* > $5/seen; env > $5/environment\nexit 1\n")
                           .start(root_, service_);
  ::close(leaked);
  ASSERT_EQ(::unsetenv("LD_PRELOAD"), 0);
  ASSERT_FALSE(started.ok());
  std::ifstream seen(root_ / "seen");
  int files = 0;
  for (std::string line; std::getline(seen, line); ++files) EXPECT_NE(line, "/etc/passwd");
  EXPECT_GE(files, 3);
  std::ifstream environment(root_ / "environment");
  for (std::string line; std::getline(environment, line);) EXPECT_FALSE(line.starts_with("LD_")) << line;
}

TEST_F(SupervisorTest, L02_AProcessThatEndsIsUnhealthyAtOnce) {
  auto& supervisor = with(std::string(records_itself) + "exec sleep 0.3\n");
  ASSERT_TRUE(supervisor.start(root_, service_).ok());
  const auto begin = steady_clock::now();
  const auto health = supervisor.wait_healthy(root_, service_);
  ASSERT_FALSE(health.ok());
  EXPECT_EQ(health.error().code, Code::health_failed);
  EXPECT_LT(steady_clock::now() - begin, std::chrono::seconds(1));
}

TEST_F(SupervisorTest, L02_APortThatNobodyBindsIsUnhealthyInTime) {
  auto& supervisor = good();
  service_.health.push_back({HealthKind::listen, Port{Protocol::udp, 21239}});
  service_.start_seconds_max = 1;
  ASSERT_TRUE(supervisor.start(root_, service_).ok());
  const auto begin = steady_clock::now();
  const auto health = supervisor.wait_healthy(root_, service_);
  ASSERT_FALSE(health.ok());
  EXPECT_EQ(health.error().code, Code::health_failed);
  EXPECT_EQ(health.error().found, "port 21239: nothing is bound to it");
  EXPECT_LT(steady_clock::now() - begin, std::chrono::seconds(3));
}

TEST_F(SupervisorTest, APortThatIsBoundLaterIsHealthy) {
  auto& supervisor = good();
  const int socket = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  service_.health.push_back({HealthKind::listen, Port{Protocol::udp, 21238}});
  address.sin_port = htons(21238);
  ASSERT_TRUE(supervisor.start(root_, service_).ok());
  std::thread later([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    EXPECT_EQ(::bind(socket, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  });
  EXPECT_TRUE(supervisor.wait_healthy(root_, service_).ok());
  later.join();
  ::close(socket);
}

TEST_F(SupervisorTest, L02_WhoIgnoresTermIsKilled) {
  auto& supervisor = with("#!/bin/sh\ntrap '' TERM\n" + std::string(records_itself).substr(10) +
                          "while :; do sleep 0.1; done\n");
  ASSERT_TRUE(supervisor.start(root_, service_).ok());
  const auto begin = steady_clock::now();
  EXPECT_TRUE(supervisor.stop(root_, service_).ok());
  EXPECT_GE(steady_clock::now() - begin, stop_patience);
  EXPECT_EQ(state(), ServiceState::stopped);
}

TEST_F(SupervisorTest, ARecycledProcessIdIsNeitherRunningNorKilled) {
  auto& supervisor = good();
  fs::create_directories(root_ / "run");
  const pid_t bystander = ::fork();
  if (bystander == 0) {
    ::pause();
    ::_exit(0);
  }
  std::ofstream(root_ / "run/mme.json")
      << print_run_record({service_.name, 1, {bystander, 1}, {}});  // the number is right, the time is not
  EXPECT_EQ(state(), ServiceState::stopped);
  EXPECT_TRUE(supervisor.stop(root_, service_).ok());
  EXPECT_EQ(::kill(bystander, 0), 0);
  ::kill(bystander, SIGKILL);
}

TEST_F(SupervisorTest, ARecordThatIsNoRecordIsAFault) {
  auto& supervisor = good();
  fs::create_directories(root_ / "run");
  std::ofstream(root_ / "run/mme.json") << "{}";
  EXPECT_FALSE(supervisor.state(root_, service_).ok());
  EXPECT_FALSE(supervisor.stop(root_, service_).ok());
  EXPECT_TRUE(supervisor.start(root_, service_).ok());  // which writes a good one
}

}  // namespace
}  // namespace sallyport
