// SPDX-License-Identifier: Apache-2.0
#include "core/format/dpkg.h"

#include <gtest/gtest.h>

namespace sallyport {
namespace {

const std::string md5 = "900150983cd24fb0d6963f7d28e17f72";

template <class T>
std::string refusal_of(const Result<T>& result) {
  return result.ok() ? "" : std::string(name(result.error().code)) + " " + result.error().where;
}

std::string stanza(const std::string& name, const std::string& state, const std::string& more = "") {
  return "Package: " + name + "\nStatus: install ok " + state + "\nArchitecture: amd64\nVersion: 1-1\n" +
         more + "\n";
}

TEST(Dpkg, PackagesWhoseFilesAreThereAreRead) {
  const auto packages =
      parse_dpkg_status(stanza("dash", "installed", "Description: a shell\n of few words\n") +
                        stanza("going", "half-installed") + stanza("left", "config-files") +
                        stanza("fresh", "unpacked") + stanza("none", "not-installed") +
                        stanza("waits", "triggers-pending"))
          .value();
  ASSERT_EQ(packages.size(), 3U);
  EXPECT_EQ(packages[0].name, "dash");
  EXPECT_EQ(packages[0].architecture, "amd64");
  EXPECT_EQ(packages[0].version, "1-1");
  EXPECT_EQ(packages[1].name, "fresh");
  EXPECT_EQ(packages[2].name, "waits");
}

TEST(Dpkg, ConffilesHaveTheirDigestsThere) {
  const auto packages =
      parse_dpkg_status(stanza("cron", "installed",
                               "Conffiles:\n /etc/init.d/cron " + md5 + "\n /etc/cron.old " + md5 +
                                   " obsolete\n /etc/cron.new newconffile\n /etc/cron.go " + md5 +
                                   " remove-on-upgrade\n"))
          .value();
  ASSERT_EQ(packages[0].conffiles.size(), 3U);
  EXPECT_EQ(packages[0].conffiles.at("/etc/cron.go"), md5);
  EXPECT_EQ(packages[0].conffiles.at("/etc/init.d/cron"), md5);
  EXPECT_EQ(packages[0].conffiles.at("/etc/cron.old"), md5);
}

TEST(DpkgAttack, AStatusOfAnotherFormIsRefusedAsAWhole) {
  EXPECT_EQ(refusal_of(parse_dpkg_status("Package: a\nno field\n")), "package-database-malformed line 2");
  EXPECT_EQ(refusal_of(parse_dpkg_status("Package: a\n\n")), "package-database-malformed line 2");
  EXPECT_EQ(refusal_of(parse_dpkg_status("Package: a\nPackage: b\nStatus: install ok installed\n")),
            "package-database-malformed line 2");
  EXPECT_EQ(refusal_of(parse_dpkg_status("Status: install ok installed\n\n")),
            "package-database-malformed line 2");
  EXPECT_EQ(refusal_of(parse_dpkg_status("Package: a\nStatus: install ok installed\nVersion: 1\n\n")),
            "package-database-malformed line 4");
  EXPECT_EQ(refusal_of(parse_dpkg_status("Package: a\nArchitecture: ../b\n")),
            "package-database-malformed line 2");
  EXPECT_EQ(refusal_of(parse_dpkg_status(stanza("../a", "installed"))), "package-database-malformed line 1");
  EXPECT_EQ(refusal_of(parse_dpkg_status(stanza("a", "installed", "Conffiles:\n relative " + md5 + "\n"))),
            "package-database-malformed line 6");
  EXPECT_EQ(refusal_of(parse_dpkg_status(stanza("a", "installed", "Conffiles:\n /etc/a 123\n"))),
            "package-database-malformed line 6");
  EXPECT_EQ(refusal_of(parse_dpkg_status(std::string("Package: a\0b\n", 13))),
            "package-database-malformed text");
}

TEST(DpkgAttack, WhatIsTooLongIsRefused) {
  const std::string deep = "/" + std::string(4096, 'a');
  EXPECT_EQ(parse_dpkg_list(deep.substr(0, 4096) + "\n").value().size(), 1U);
  EXPECT_EQ(refusal_of(parse_dpkg_list(deep + "\n")), "package-database-malformed line 1");
  const std::string huge(dpkg_text_size_max + 1, '\n');
  EXPECT_EQ(refusal_of(parse_dpkg_status(huge)), "package-database-malformed size");
  EXPECT_TRUE(parse_dpkg_status(huge.substr(1)).ok());
}

TEST(Dpkg, ListsAreAbsolutePaths) {
  EXPECT_EQ(parse_dpkg_list("/.\n/bin\n/bin/dash\n").value(),
            (std::vector<std::string>{"/bin", "/bin/dash"}));
  EXPECT_EQ(refusal_of(parse_dpkg_list("/bin\nbin/dash\n")), "package-database-malformed line 2");
}

TEST(Dpkg, SumsAreByAbsolutePaths) {
  const auto sums = parse_dpkg_md5sums(md5 + "  bin/dash\n" + md5 + "  usr/share/a b\n").value();
  EXPECT_EQ(sums.at("/bin/dash"), md5);
  EXPECT_EQ(sums.at("/usr/share/a b"), md5);
  for (const std::string& line :
       {md5 + " bin/dash", md5 + "  ", std::string("900150983CD24FB0D6963F7D28E17F72  a")})
    EXPECT_EQ(refusal_of(parse_dpkg_md5sums(line + "\n")), "package-database-malformed line 1") << line;
  EXPECT_EQ(refusal_of(parse_dpkg_md5sums(md5 + "  a\n" + md5 + "  a\n")),
            "package-database-malformed line 2");
}

TEST(Dpkg, WhoDivertsKeepsThePath) {
  const auto diversions =
      parse_dpkg_diversions("/bin/sh\n/bin/sh.distrib\ndash\n/bin/a\n/bin/b\n:\n").value();
  EXPECT_EQ(diverted(diversions, "/bin/sh", "bash"), "/bin/sh.distrib");
  EXPECT_EQ(diverted(diversions, "/bin/sh", "dash"), "/bin/sh");
  EXPECT_EQ(diverted(diversions, "/bin/a", "dash"), "/bin/b");
  EXPECT_EQ(diverted(diversions, "/bin/other", "dash"), "/bin/other");
  EXPECT_EQ(refusal_of(parse_dpkg_diversions("/bin/sh\n/bin/sh.distrib\n")),
            "package-database-malformed line 2");
  EXPECT_EQ(refusal_of(parse_dpkg_diversions("/bin/sh\n/bin/sh.distrib\ntwo words\n")),
            "package-database-malformed line 3");
  const std::string once = "/bin/sh\n/bin/sh.distrib\ndash\n";
  EXPECT_EQ(refusal_of(parse_dpkg_diversions(once + once)), "package-database-malformed line 6");
}

}  // namespace
}  // namespace sallyport
