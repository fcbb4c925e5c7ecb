// SPDX-License-Identifier: Apache-2.0
#include "adapters/commands/self.h"

#include <gtest/gtest.h>

#include <cstdlib>

namespace sallyport {
namespace {

// The program that runs here is the test program itself, so its own options are what can be asked.
TEST(SelfCommands, RunsThisProgramAndTakesWhatItSays) {
  SelfCommands commands;
  const auto result = commands.run({"--gtest_list_tests", "--gtest_filter=SelfCommands.*"}).value();
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_NE(result.output.find("SelfCommands."), std::string::npos);
  EXPECT_EQ(result.errors, "");
}

TEST(Probe, FailsOnlyWhenAskedTo) {
  EXPECT_EQ(std::getenv("PROBE_FAILS"), nullptr);
}

TEST(SelfCommands, ReportsTheExitCode) {
  SelfCommands commands;
  const std::vector<std::string> probe{"--gtest_filter=Probe.FailsOnlyWhenAskedTo"};
  EXPECT_EQ(commands.run(probe).value().exit_code, 0);
  ASSERT_EQ(::setenv("PROBE_FAILS", "1", 1), 0);
  EXPECT_EQ(commands.run(probe).value().exit_code, 1);
  ASSERT_EQ(::unsetenv("PROBE_FAILS"), 0);
}

}  // namespace
}  // namespace sallyport
