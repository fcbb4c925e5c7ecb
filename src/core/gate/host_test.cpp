// SPDX-License-Identifier: Apache-2.0
#include "core/gate/host.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "core/crypto/file_digest.h"

namespace sallyport::gate {
namespace {

MeasuredProgram program(const std::string& path, const std::string& content) {
  return {path, content.size(), file_digest(as_bytes(content))};
}

std::vector<ListedFile> listed(const std::vector<std::string>& contents) {
  std::vector<ListedFile> files;
  for (const auto& content : contents) {
    ListedFile file{content.size(), {}};
    const auto digest = file_digest(as_bytes(content));
    std::ranges::copy(digest.bytes(), file.digest.begin());
    files.push_back(file);
  }
  return sorted(std::move(files));
}

TEST(HostCover, EveryProgramHasToBeListed) {
  const auto host = listed({"init", "sh"});
  const std::vector<MeasuredProgram> covered{program("/sbin/init", "init"), program("/bin/sh", "sh")};
  EXPECT_FALSE(not_covered(covered, ListedFiles({}, host)));
  EXPECT_TRUE(not_covered(covered, ListedFiles({}, {})));
  const std::vector<MeasuredProgram> more{program("/sbin/init", "init"), program("/opt/b", "b"),
                                          program("/opt/a", "a"), program("/opt/a", "a")};
  const auto error = not_covered(more, ListedFiles({}, host));
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code, Code::baseline_incomplete);
  EXPECT_EQ(error->found, "/opt/a, /opt/b");
}

TEST(HostCover, AGenerationsProgramsAreListedToo) {
  const auto release = listed({"mme"});
  EXPECT_FALSE(not_covered(std::vector<MeasuredProgram>{program("/mme", "mme")}, ListedFiles(release)));
}

TEST(HostCover, ManyAreCountedAndNotAllNamed) {
  std::vector<MeasuredProgram> many;
  for (int i = 0; i < 100; ++i) many.push_back(program("/opt/" + std::to_string(i), "x"));
  EXPECT_TRUE(not_covered(many, ListedFiles({}))->found.ends_with(" and 84 more"));
}

}  // namespace
}  // namespace sallyport::gate
