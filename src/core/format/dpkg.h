// SPDX-License-Identifier: Apache-2.0
// The texts of dpkg's database below var/lib/dpkg (Debian Policy, dpkg(1), deb(5), dpkg-divert(1)): what is installed,
// which files belong to it, and what they were when they were unpacked. docs/spec/baseline.md. Everything that is not
// of the form refuses the whole text: package_database_malformed.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace sallyport {

constexpr std::uint64_t dpkg_text_size_max = 64ULL << 20U;

struct DpkgPackage {
  std::string name;
  std::string architecture;
  std::string version;
  std::map<std::string, std::string>
      conffiles;  // path to MD5, 32 hexadecimal digits; "newconffile" is left out
};

// `status`: the packages whose files are there, in the order of the text.
Result<std::vector<DpkgPackage>> parse_dpkg_status(std::string_view text);

// `info/NAME.list`: absolute paths, one a line; files, links and folders alike.
Result<std::vector<std::string>> parse_dpkg_list(std::string_view text);

// `info/NAME.md5sums`: absolute path to MD5.
Result<std::map<std::string, std::string>> parse_dpkg_md5sums(std::string_view text);

// `diversions`: who has a file of this path finds it at the other one, unless it is the package that diverts.
struct Diversion {
  std::string to;
  std::string package;  // ":" for the administrator: everybody's file is diverted
};
Result<std::map<std::string, Diversion>> parse_dpkg_diversions(std::string_view text);

// Where a file lies that the package has at this path.
std::string diverted(const std::map<std::string, Diversion>& diversions, const std::string& path,
                     const std::string& package);

}  // namespace sallyport
