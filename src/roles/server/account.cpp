// SPDX-License-Identifier: Apache-2.0
#include "roles/server/account.h"

#include <array>
#include <utility>

namespace sallyport::server {
namespace {

constexpr std::array<std::pair<Role, std::string_view>, 7> words = {{
    {Role::submitter, "submitter"},
    {Role::approver, "approver"},
    {Role::deployer, "deployer"},
    {Role::officer, "officer"},
    {Role::auditor, "auditor"},
    {Role::node, "node"},
    {Role::monitor, "monitor"},
}};

}  // namespace

std::string_view word(Role role) {
  return words.at(static_cast<std::size_t>(role)).second;
}

std::optional<Role> find_role(std::string_view text) {
  for (const auto& [role, its_word] : words)
    if (its_word == text) return role;
  return std::nullopt;
}

std::vector<Role> all_roles() {
  std::vector<Role> all;
  for (const auto& [role, its_word] : words) all.push_back(role);
  return all;
}

AccountBook::AccountBook(Accounts accounts)
    : accounts_(std::make_shared<const Accounts>(std::move(accounts))) {}

std::shared_ptr<const Accounts> AccountBook::now() const {
  const std::lock_guard lock(mutex_);
  return accounts_;
}

void AccountBook::replace(Accounts accounts) {
  auto next = std::make_shared<const Accounts>(std::move(accounts));
  const std::lock_guard lock(mutex_);
  accounts_ = std::move(next);
}

}  // namespace sallyport::server
