// SPDX-License-Identifier: Apache-2.0
// The users and groups that a release declares. They exist inside of its services' root alone: as etc/passwd and
// etc/group of the tree, read-only files that hold exactly what is declared. Nothing of the host is written.
#pragma once

#include <string>
#include <vector>

#include "core/format/tree.h"

namespace sallyport {

constexpr std::size_t accounts_max = 256;
constexpr std::string_view passwd_path = "etc/passwd";
constexpr std::string_view group_path = "etc/group";

// root, the users, nobody: without a password, without a shell.
std::string print_passwd(const std::vector<User>& users);
std::string print_group(const std::vector<Group>& groups);

// Names and numbers by themselves and among each other; nothing of it is root, or nobody.
Result<void> check_accounts(const std::vector<User>& users, const std::vector<Group>& groups);

}  // namespace sallyport
