// SPDX-License-Identifier: Apache-2.0
// What becomes of a package at hand when its server ends.
#include "roles/server/process.h"

#include <gtest/gtest.h>

#include "roles/server/world_for_test.h"

namespace sallyport::server {
namespace {

class Ending : public testing::Test {
 protected:
  void process(const std::string& holder, bool goes_on) {
    EXPECT_TRUE(process_one(
                    server_.world, server_.intake, holder, [](const std::string&) {}, [=] { return goes_on; })
                    .ok());
  }
  ServerWorld server_;
};

TEST_F(Ending, APackageThatCouldNotBeEndedIsForAnotherServerAtOnce) {
  const auto id = server_.processing();
  server_.intake.says = Error(Code::io_failed, "the worker", "an answer", "the end of its parent");
  process("a", false);
  EXPECT_EQ(server_.state(id), "PROCESSING");
  EXPECT_EQ(server_.live.faults, 0U);
  server_.intake.says = ScriptedIntake::clean();
  process("b", true);
  EXPECT_EQ(server_.state(id), "ONBOARDED");
}

TEST_F(Ending, AFaultOfAServerThatGoesOnWaits) {
  const auto id = server_.processing();
  server_.intake.says = Error(Code::io_failed, "the worker", "an answer", "none");
  process("a", true);
  server_.intake.says = ScriptedIntake::clean();
  process("b", true);
  EXPECT_EQ(server_.state(id), "PROCESSING");
  server_.clock.move(retry_seconds);
  process("b", true);
  EXPECT_EQ(server_.state(id), "ONBOARDED");
}

TEST_F(Ending, AnAnswerThatCameCountsAllTheSame) {
  const auto id = server_.processing();
  process("a", false);
  EXPECT_EQ(server_.state(id), "ONBOARDED");
}

// The server died between the row and the file (docs/adr/0027-uploads-go-on-by-content-range.md).
TEST_F(Ending, ContentThatWasNotPutInItsPlaceIsPutThere) {
  const auto id = server_.processing("bytes");
  const auto package = *server_.db->find_package(id).value();
  const auto path = "content/" + id + "." + package.content + ".csar";
  ASSERT_TRUE(server_.data.rename(path, "uploads/" + id + ".csar").ok());
  process("a", true);
  EXPECT_EQ(server_.state(id), "ONBOARDED");
  EXPECT_EQ(ServerWorld::bytes_of(server_.ask("vendor", "GET", ServerWorld::path(id) + "/package_content")),
            "bytes");
}

}  // namespace
}  // namespace sallyport::server
