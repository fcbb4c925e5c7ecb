// SPDX-License-Identifier: Apache-2.0
#include "core/format/interpreters.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/crypto/file_digest.h"

namespace sallyport {
namespace {

RelativePath path(std::string_view text) {
  return RelativePath::parse(text).value();
}

TEST(Interpreters, AreKnownByTheirNames) {
  for (const auto* name : {"bin/sh",
                           "usr/bin/python3",
                           "usr/bin/perl5.36.0",
                           "bin/bash",
                           "lua5.4",
                           "busybox",
                           "usr/bin/perl5.36-x86_64-linux-gnu",
                           "bin/bash-static",
                           "usr/bin/python3.11-dbg",
                           "mksh",
                           "usr/bin/luajit-2.1.0-beta3",
                           "usr/bin/mono-sgen",
                           "usr/bin/gjs-console",
                           "bin/tcsh",
                           "bin/bsd-csh",
                           "usr/bin/php-cgi8.2",
                           "usr/sbin/php-fpm8.2",
                           "usr/lib/erlang/erts-13.1.5/bin/beam.smp",
                           "usr/lib/R/bin/exec/R",
                           "usr/bin/octave-cli-7.3.0",
                           "usr/bin/swipl",
                           "usr/bin/ocamlrun",
                           "usr/bin/lldb-14",
                           "usr/bin/jimsh"})
    EXPECT_EQ(program_kind(path(name)), ProgramKind::interpreter) << name;
  for (const auto* name : {"bin/sha256sum", "bin/show", "bin/mme", "lib/libpython3.11.so", "bin/nodeagent",
                           "bin/node-exporter", "usr/bin/x86_64-linux-gnu", "bin/-static", "usr/bin/rcp",
                           "sbin/rc-update", "usr/bin/jsonlint", "usr/bin/Rdiff"})
    EXPECT_EQ(program_kind(path(name)), ProgramKind::other) << name;
}

TEST(Interpreters, OfATreeAreAlsoWhatHasTheContentOfOne) {
  const auto file = [](const char* name, std::uint32_t mode, std::string_view content) {
    return TreeEntry{
        path(name), EntryType::file, mode, 0, 0, content.size(), file_digest(as_bytes(content)), {}, {}};
  };
  Tree tree{ProductId::parse("p").value(), "p", "1", "any", 1, {}, {}, {}};
  tree.entries = {file("bin/busybox", 0755, "a shell"),
                  file("bin/hidden", 0755, "a shell"),
                  file("bin/mme", 0755, "a program"),
                  file("lib/data", 0644, "a shell"),
                  file("share/doc/sh", 0644, "about"),
                  file("share/empty", 0644, ""),
                  file("share/sh", 0755, "")};
  tree.entries.push_back({path("bin/sh"), EntryType::link, 0777, 0, 0, 0, {}, "busybox", {}});
  EXPECT_THAT(interpreters_of(tree),
              testing::ElementsAre(path("bin/busybox"), path("bin/hidden"), path("lib/data")));
}

}  // namespace
}  // namespace sallyport
