// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "adapters/events/file.h"
#include "core/format/json.h"

namespace sallyport {
namespace {

Event refusal() {
  Event event{"node-install",
              Instant::parse("2026-11-21T22:06:00Z").value(),
              "mme-1",
              "a.csar",
              "ab12",
              "CN=Release",
              "",
              3,
              {},
              {},
              ""};
  event.checks.push_back({"signature", "CN=Release"});
  event.error = Error(Code::approvals_missing, "order", "2 persons", "1 person");
  event.effect = "nothing";
  return event;
}

struct Folder {
  std::string path;
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "events.XXXXXX").string();
    path = ::mkdtemp(name.data());
  }
  ~Folder() { std::filesystem::remove_all(path); }
};

std::string content(const std::string& path) {
  std::ostringstream out;
  out << std::ifstream(path).rdbuf();
  return out.str();
}

TEST(Event, IsOneLineOfJsonWithEveryFact) {
  const auto line = print_event(refusal());
  EXPECT_EQ(
      line,
      "{\"schema\":\"sallyport-event/"
      "1\",\"time\":\"2026-11-21T22:06:00Z\",\"activity\":\"node-install\",\"outcome\":\"refused\","
      "\"code\":\"approvals-missing\",\"actor\":\"mme-1\",\"subject\":\"a.csar\",\"package\":\"ab12\","
      "\"signer\":\"CN=Release\","
      "\"order\":\"\",\"policy_version\":3,\"checks\":[{\"name\":\"signature\",\"finding\":\"CN=Release\"}],"
      "\"error\":{\"code\":\"approvals-missing\",\"where\":\"order\",\"expected\":\"2 "
      "persons\",\"found\":\"1 person\"},"
      "\"effect\":\"nothing\"}\n");
}

TEST(Event, N08_HostileTextStaysInsideItsLine) {
  auto event = refusal();
  event.subject = "a\n{\"outcome\":\"accepted\"}\x1b[2J\xff";
  const auto line = print_event(event);
  EXPECT_EQ(line.find('\n'), line.size() - 1);
  EXPECT_EQ(line.find('\x1b'), std::string::npos);
  EXPECT_TRUE(JsonDocument::parse(as_bytes(line), 1U << 20U, Code::json_malformed).ok());
}

TEST(FileEventLog, AppendsLines) {
  const Folder folder;
  const auto path = folder.path + "/events.jsonl";
  for (int i = 0; i < 2; ++i) {
    auto log = FileEventLog::open(path).value();
    ASSERT_TRUE(log.record(refusal()).ok());
  }
  EXPECT_EQ(content(path), print_event(refusal()) + print_event(refusal()));
  EXPECT_EQ(std::filesystem::status(path).permissions(), std::filesystem::perms(0600));
}

TEST(FileEventLog, ATornLineDoesNotSwallowTheNext) {
  const Folder folder;
  const auto path = folder.path + "/events.jsonl";
  std::ofstream(path) << "{\"schema\":\"sally";
  auto log = FileEventLog::open(path).value();
  ASSERT_TRUE(log.record(refusal()).ok());
  EXPECT_EQ(content(path), "{\"schema\":\"sally\n" + print_event(refusal()));
}

TEST(FileEventLog, N07_AFullDiskIsKnownBeforeAnythingIsDone) {
  const Folder folder;
  ASSERT_EQ(::mount("tmpfs", folder.path.c_str(), "tmpfs", 0, "size=16k"), 0) << "needs root";
  const auto refused = FileEventLog::open(folder.path + "/events.jsonl");
  ASSERT_EQ(::umount2(folder.path.c_str(), MNT_DETACH), 0);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, Code::disk_full);
}

TEST(FileEventLog, AFolderThatIsGoneIsSaidToBeMissing) {
  EXPECT_EQ(FileEventLog::open("/nonexistent/events.jsonl").error().code, Code::file_missing);
}

}  // namespace
}  // namespace sallyport
