// SPDX-License-Identifier: Apache-2.0
#include "roles/server/reload.h"

#include <map>
#include <set>

#include "roles/server/audit.h"

namespace sallyport::server {
namespace {

constexpr std::size_t names_shown_max = 20;

// By name: an account with all its certificates.
using ByName = std::map<std::string, std::pair<Account, std::set<Sha256Digest>>>;

ByName by_name(const Accounts& accounts) {
  ByName all;
  for (const auto& [digest, account] : accounts) {
    const auto at = all.try_emplace(account.name, account, std::set<Sha256Digest>()).first;
    at->second.second.insert(digest);
  }
  return all;
}

class Names {
 public:
  void add(const std::string& name) {
    if (++count_ <= names_shown_max) list_ += (list_.empty() ? "" : ", ") + name;
  }
  std::string text(std::string_view label) const {
    if (count_ == 0) return {};
    const auto rest =
        count_ > names_shown_max ? " and " + std::to_string(count_ - names_shown_max) + " more" : "";
    return "; " + std::string(label) + ": " + list_ + rest;
  }

 private:
  std::size_t count_ = 0;
  std::string list_;
};

std::string words_of(const Accounts& before, const Accounts& after) {
  const auto old_ones = by_name(before);
  const auto new_ones = by_name(after);
  Names came;
  Names went;
  Names changed;
  for (const auto& [name, account] : new_ones) {
    const auto known = old_ones.find(name);
    if (known == old_ones.end()) came.add(name);
    if (known != old_ones.end() && known->second != account) changed.add(name);
  }
  for (const auto& [name, account] : old_ones)
    if (!new_ones.contains(name)) went.add(name);
  return std::to_string(new_ones.size()) + " accounts" + came.text("new") + went.text("gone") +
         changed.text("changed");
}

bool others_changed(Settings running, const Settings& read) {
  running.accounts = read.accounts;
  return running != read;
}

}  // namespace

Result<void> record_untaken(World& world, const Error& why) {
  auto event = own_event(world, "ACCOUNTS", "refused",
                         "the accounts stay as they were: " + why.where + ": " + why.found);
  event.code = name(why.code);
  return record(world, event);
}

Result<void> take_accounts(World& world, AccountBook& book, const Settings& running, BytesView json) {
  auto read = parse_settings(json);
  if (!read.ok()) {
    TRY(record_untaken(world, read.error()));
    return read.error();
  }
  auto& settings = read.value();
  auto words = words_of(*book.now(), settings.accounts);
  if (others_changed(running, settings)) words += "; what else has changed needs a restart";
  TRY(record(world, own_event(world, "ACCOUNTS", "success", std::move(words))));
  book.replace(std::move(settings.accounts));
  return {};
}

}  // namespace sallyport::server
