// SPDX-License-Identifier: Apache-2.0
#include "core/format/gate_event.h"

#include <gtest/gtest.h>

#include "core/format/event.h"

namespace sallyport {
namespace {

std::string line(const std::string& activity, const std::string& trace) {
  return print_event({activity,
                      Instant::parse("2026-11-21T22:00:00Z").value(),
                      "gate",
                      "/opt/backup",
                      {},
                      {},
                      {},
                      0,
                      {{"process", "7"}, {"trace", trace}},
                      {},
                      "allowed; enforce mode denies it"});
}

std::optional<SeenProgram> seen(const std::string& text) {
  return parse_seen_program(text).value();
}

const std::string trace = "observe execute other regular host unknown steady 9 - allow unlisted";

TEST(GateEvent, AProgramOfTheHostThatWasSeenIsRead) {
  EXPECT_EQ(seen(line("gate-observe", trace)), (SeenProgram{"/opt/backup", 9, {}}));
  EXPECT_EQ(seen(line("gate-deny", "enforce execute other regular host unknown steady 9 - deny unlisted")),
            (SeenProgram{"/opt/backup", 9, {}}));
}

TEST(GateEvent, EverythingElseIsLeftOut) {
  EXPECT_FALSE(seen(line("node-install", trace)));
  // Whoever can name a file can write the words into an event that is none of the gate's.
  EXPECT_FALSE(seen(line("node-install", "\"activity\":\"gate-deny\"")));
  auto other = line("node-install", trace);
  EXPECT_FALSE(seen(other.insert(other.rfind('}'), ",\"more\":{\"activity\":\"gate-deny\"}")));
  EXPECT_FALSE(
      seen(line("gate-observe", "observe execute other regular code unknown steady 9 - allow unlisted")));
  EXPECT_FALSE(
      seen(line("gate-observe", "observe execute other other host unknown steady 0 - allow not-a-file")));
  EXPECT_FALSE(seen(""));
  EXPECT_FALSE(parse_seen_program(line("gate-observe", "something else")).ok());
  EXPECT_FALSE(parse_seen_program("{\"activity\":\"gate-observe\"").ok());
}

}  // namespace
}  // namespace sallyport
