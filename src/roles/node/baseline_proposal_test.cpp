// SPDX-License-Identifier: Apache-2.0
#include "roles/node/baseline_proposal.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "adapters/disk/memory.h"
#include "adapters/packages/memory.h"
#include "core/format/event.h"

namespace sallyport::node {
namespace {

const Instant noon = Instant::parse("2026-11-21T12:00:00Z").value();

class ProposalTest : public testing::Test {
 protected:
  ProposalTest() {
    host.packages = {{"dash", "amd64", "0.5"}, {"cron", "amd64", "3.0"}};
    host.add("/bin/sh", 0, "sh");
    host.add("/bin/dash", 0, "dash");
    host.add("/usr/sbin/cron", 1, "cron");
    host.add("/etc/init.d/cron", 1, "#!/bin/sh\n");
    host.add("/usr/share/doc/cron/README", 1, "words");
    host.files["/usr/share/doc/cron/README"].executable = false;
    host.listed.push_back({"/usr/share/gone", 1, MemoryPackages::md5_of("gone")});
  }
  BaselineProposal propose() {
    return propose_baseline({host,
                             workers,
                             no_progress,
                             PoolId::parse("mme-east").value(),
                             {NodeId::parse("mme-2").value(), NodeId::parse("mme-1").value()},
                             4,
                             noon,
                             "why",
                             named,
                             seen})
        .value();
  }
  static std::vector<std::string> lines(const BaselineProposal& proposal) {
    std::vector<std::string> told;
    for (const auto& [path, package, because] : proposal.left_out)
      told.push_back(std::string(word(because)) + " " + path + " " + package);
    return told;
  }

  MemoryPackages host;
  InlineWorkers workers;
  std::set<std::string> named;
  std::vector<SeenProgram> seen;
};

TEST_F(ProposalTest, ProgramsThatAreAsTheirPackagesHaveThemAreListed) {
  const auto proposal = propose();
  const auto& baseline = proposal.baseline;
  ASSERT_EQ(baseline.packages.size(), 2U);
  EXPECT_EQ(baseline.packages[0].name, "cron");
  ASSERT_EQ(baseline.packages[0].files.size(), 2U);
  EXPECT_EQ(baseline.packages[0].files[0].path, "/etc/init.d/cron");
  EXPECT_EQ(baseline.packages[1].files[1].digest, file_digest(as_bytes("sh")));
  EXPECT_EQ(baseline.nodes.front().text(), "mme-1");
  EXPECT_EQ(baseline.number, 4U);
  EXPECT_TRUE(proposal.left_out.empty());
  EXPECT_EQ(parse_baseline(as_bytes(proposal.text)).value(), baseline);
}

TEST_F(ProposalTest, TheSameHostGivesTheSameText) {
  const auto one = propose().text;
  std::reverse(host.listed.begin(), host.listed.end());
  EXPECT_EQ(propose().text, one);
}

TEST_F(ProposalTest, WhatIsNotAsItsPackageHasItIsToldAndNotListed) {
  host.files["/etc/init.d/cron"].content = "#!/bin/sh\nevil\n";
  host.listed.push_back({"/usr/bin/made", 1, std::nullopt});
  host.files["/usr/bin/made"] = {"made"};
  const auto proposal = propose();
  EXPECT_EQ(count_files(proposal.baseline), 3U);
  EXPECT_EQ(lines(proposal),
            (std::vector<std::string>{"changed /etc/init.d/cron cron", "unknown /usr/bin/made cron"}));
}

TEST_F(ProposalTest, WhatAPersonNamesIsListedAndMarked) {
  host.files["/etc/init.d/cron"].content = "#!/bin/sh\nour own\n";
  host.files["/usr/local/bin/backup"] = {"backup"};
  named = {"/etc/init.d/cron", "/usr/local/bin/backup", "/usr/local/bin/none"};
  const auto proposal = propose();
  ASSERT_EQ(proposal.baseline.changed.size(), 1U);
  EXPECT_EQ(proposal.baseline.changed[0].package, "cron");
  ASSERT_EQ(proposal.baseline.unowned.size(), 1U);
  EXPECT_EQ(proposal.baseline.unowned[0].path, "/usr/local/bin/backup");
  EXPECT_EQ(lines(proposal), std::vector<std::string>{"gone /usr/local/bin/none "});
}

// What a gate has seen: the content has to be the one that it saw, and a package's own is no news.
TEST_F(ProposalTest, WhatWasSeenIsListedIfItIsStillWhatWasSeen) {
  host.files["/opt/one"] = {"one"};
  host.files["/opt/two"] = {"two, changed since"};
  host.files["/opt/three"] = {"three"};
  host.files["/usr/bin/dash"] = {"dash"};
  seen = {{"/opt/one", 3, {}},
          {"/opt/two", 3, {}},
          {"/opt/three", 5, file_digest(as_bytes("other"))},
          {"/usr/bin/dash", 4, {}},
          {"not a path", 4, {}}};
  const auto proposal = propose();
  ASSERT_EQ(proposal.baseline.unowned.size(), 1U);
  EXPECT_EQ(proposal.baseline.unowned[0].path, "/opt/one");
  EXPECT_EQ(lines(proposal), (std::vector<std::string>{"other-now /opt/three ", "other-now /opt/two ",
                                                       "not-a-name not a path "}));
}

// Where /bin is a link to /usr/bin the kernel says /usr/bin, and the package /bin.
TEST_F(ProposalTest, AChangedProgramIsItsPackagesByEitherName) {
  host.files["/bin/dash"].content = "another";
  host.files["/usr/bin/dash"] = {"another"};
  seen = {{"/usr/bin/dash", 7, {}}};
  const auto proposal = propose();
  ASSERT_EQ(proposal.baseline.changed.size(), 1U);
  EXPECT_EQ(proposal.baseline.changed[0].file.path, "/bin/dash");
  EXPECT_TRUE(proposal.baseline.unowned.empty());
}

TEST_F(ProposalTest, ANameThatNobodyCanReadIsNotListed) {
  host.add("/bin/\u202ehs", 0, "hidden");
  const auto proposal = propose();
  EXPECT_EQ(proposal.left_out.at(0).because, LeftOutBecause::not_a_name);
}

TEST_F(ProposalTest, MoreThanAStatementHoldsIsRefused) {
  for (int i = 0; i < 30000; ++i) host.add("/usr/bin/program-of-a-long-name-" + std::to_string(i), 0, "x");
  const auto proposal = propose_baseline({host,
                                          workers,
                                          no_progress,
                                          PoolId::parse("mme-east").value(),
                                          {NodeId::parse("mme-1").value()},
                                          1,
                                          noon,
                                          "",
                                          {},
                                          {}});
  ASSERT_FALSE(proposal.ok());
  EXPECT_EQ(proposal.error().code, Code::file_too_large);
}

TEST_F(ProposalTest, ADatabaseOfAnotherFormIsNone) {
  host.error = Error(Code::package_database_malformed, "status");
  EXPECT_FALSE(propose_baseline({host,
                                 workers,
                                 no_progress,
                                 PoolId::parse("p").value(),
                                 {NodeId::parse("n").value()},
                                 1,
                                 noon,
                                 "",
                                 {},
                                 {}})
                   .ok());
}

TEST(SeenPrograms, AreReadFromTheEventLogEachPathOnce) {
  MemoryDisk disk;
  EXPECT_TRUE(seen_programs(disk).value().empty());
  const auto line = [](const std::string& path, const std::string& size) {
    return print_event(
        {"gate-observe",
         noon,
         "gate",
         path,
         {},
         {},
         {},
         0,
         {{"trace", "observe execute other regular host unknown steady " + size + " - allow unlisted"}},
         {},
         ""});
  };
  disk.append("events.jsonl",
              as_bytes(line("/opt/b", "1") + "broken\n" + line("/opt/a", "2") + line("/opt/b", "3") + "torn"))
      .value();
  const auto seen = seen_programs(disk).value();
  ASSERT_EQ(seen.size(), 2U);
  EXPECT_EQ(seen[0], (SeenProgram{"/opt/a", 2, {}}));
  EXPECT_EQ(seen[1], (SeenProgram{"/opt/b", 3, {}}));
}

}  // namespace
}  // namespace sallyport::node
