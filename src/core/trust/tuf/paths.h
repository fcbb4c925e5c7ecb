// SPDX-License-Identifier: Apache-2.0
// Which targets a delegation is about, and the names under which files are fetched and kept.
#pragma once

#include <string>
#include <string_view>

#include "core/trust/tuf/metadata.h"

namespace sallyport::tuf {

// Shell-style: * and ? and [..] match within one component, never a slash. Bounded time whatever the pattern.
bool pattern_matches(std::string_view pattern, std::string_view path);
bool delegates(const DelegatedRole& role, std::string_view path);

std::string bin_for(const SuccinctRoles& roles, std::string_view path);
bool is_bin_of(const SuccinctRoles& roles, std::string_view name);

// RFC 3986: everything but letters, digits and -._~ as %XX; for a path, the slash stays too.
std::string quoted(std::string_view name);
std::string quoted_path(std::string_view path);

// "3.targets.json" where snapshots are consistent, else "targets.json"; the role's name quoted.
std::string metadata_file(const Root& root, std::string_view role, std::uint64_t version);
// "dir/<hash>.name" where snapshots are consistent, else the path; quoted.
std::string target_file(const Root& root, std::string_view path, const TargetFile& file);

}  // namespace sallyport::tuf
