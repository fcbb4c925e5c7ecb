// SPDX-License-Identifier: Apache-2.0
#include "core/format/interpreters.h"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

namespace sallyport {
namespace {

constexpr std::array<std::string_view, 73> known_names = {
    "R",           "Rscript", "ash",     "awk",      "bash",   "beam.smp",   "bsd-csh",      "bun",
    "busybox",     "clisp",   "csh",     "dash",     "deno",   "dotnet",     "ecl",          "elvish",
    "erl",         "erlexec", "escript", "expect",   "fish",   "gawk",       "gdb",          "gjs",
    "gjs-console", "guile",   "java",    "jimsh",    "jjs",    "js",         "jshell",       "julia",
    "ksh",         "lksh",    "lldb",    "lua",      "luajit", "mawk",       "mksh",         "mono",
    "mono-sgen",   "node",    "ocaml",   "ocamlrun", "octave", "octave-cli", "original-awk", "perl",
    "php",         "php-cgi", "php-fpm", "phpdbg",   "posh",   "pwsh",       "pypy",         "python",
    "qjs",         "racket",  "raku",    "rbash",    "ruby",   "sash",       "sbcl",         "scala",
    "sh",          "swipl",   "tcc",     "tclsh",    "tcsh",   "toybox",     "wish",         "yash",
    "zsh"};

// Debian's other names for the same program: perl5.36-x86_64-linux-gnu, bash-static, python3.11-dbg,
// luajit-2.1.0-beta3.
std::string_view without_suffix(std::string_view file) {
  constexpr std::array<std::string_view, 5> suffixes = {"-x86_64-linux-gnu", "-aarch64-linux-gnu", "-static",
                                                        "-dbg", "-beta3"};
  for (const auto suffix : suffixes) {
    if (file.ends_with(suffix)) file.remove_suffix(suffix.size());
  }
  return file;
}

bool is_known(std::string_view file) {
  // A version may follow: python3.11, perl5.36.0, lua5.4.
  return std::any_of(known_names.begin(), known_names.end(), [&](std::string_view known) {
    return file.starts_with(known) &&
           file.substr(known.size()).find_first_not_of("0123456789.-") == std::string_view::npos;
  });
}

}  // namespace

ProgramKind program_kind(const RelativePath& path) {
  return is_known(without_suffix(path.name())) ? ProgramKind::interpreter : ProgramKind::other;
}

std::vector<RelativePath> interpreters_of(const Tree& tree) {
  std::set<FileDigest> contents;
  for (const auto& entry : tree.entries) {
    const bool program =
        entry.type == EntryType::file && (entry.mode & 0111U) != 0 && entry.size != 0 && entry.digest;
    if (program && program_kind(entry.path) == ProgramKind::interpreter) contents.insert(*entry.digest);
  }
  std::vector<RelativePath> paths;
  for (const auto& entry : tree.entries) {
    if (entry.digest && contents.contains(*entry.digest)) paths.push_back(entry.path);
  }
  return paths;
}

}  // namespace sallyport
