// SPDX-License-Identifier: Apache-2.0
#include "roles/server/expiry.h"

#include <algorithm>
#include <array>

namespace sallyport::server {
namespace {

constexpr std::int64_t day_seconds = 86400;
constexpr std::array<std::int64_t, 4> days_before = {1, 7, 14, 30};

}  // namespace

std::optional<std::int64_t> days_due(Instant until, Instant now) {
  const auto left = until.seconds() - now.seconds();
  if (left <= 0) return 0;
  for (const auto days : days_before)
    if (left <= days * day_seconds) return days;
  return std::nullopt;
}

void Expiry::note(const UsedCertificate& certificate) {
  const std::lock_guard lock(mutex_);
  all_.insert_or_assign({certificate.which, certificate.digest}, certificate.until);
}

void Expiry::replace(const UsedCertificate& certificate) {
  const std::lock_guard lock(mutex_);
  std::erase_if(all_, [&](const auto& entry) { return entry.first.first == certificate.which; });
  all_.insert_or_assign({certificate.which, certificate.digest}, certificate.until);
}

std::vector<UsedCertificate> Expiry::all() const {
  const std::lock_guard lock(mutex_);
  std::vector<UsedCertificate> found;
  found.reserve(all_.size());
  for (const auto& [key, until] : all_) found.push_back({key.first, key.second, until});
  return found;
}

Expiry::Before Expiry::tell(const std::string& what) {
  const std::lock_guard lock(mutex_);
  return told_.insert(what).second ? Before::never : Before::already;
}

std::vector<std::pair<std::string, std::int64_t>> Expiry::seconds_left(Instant now) const {
  std::map<std::string, std::int64_t> least;
  for (const auto& certificate : all()) {
    if (certificate.which.starts_with("account ") && !days_due(certificate.until, now)) continue;
    const auto left = certificate.until.seconds() - now.seconds();
    const auto [at, is_new] = least.emplace(certificate.which, left);
    if (!is_new) at->second = std::min(at->second, left);
  }
  return {least.begin(), least.end()};
}

}  // namespace sallyport::server
