// SPDX-License-Identifier: Apache-2.0
#include "roles/server/guard.h"

#include <algorithm>
#include <bit>

namespace sallyport::server {
namespace {

constexpr std::uint32_t failures_free = 5;
constexpr std::int64_t blocked_seconds_max = 900;
constexpr std::int64_t forgotten_seconds = 3600;
constexpr std::size_t addresses_max = 100000;

}  // namespace

bool is_told(std::uint32_t count) {
  return count <= failures_free || std::has_single_bit(count);
}

std::uint32_t Guard::count_failure(const std::string& address, Instant now) {
  const auto from = counted_as(address);
  if (failures_.size() >= addresses_max && !failures_.contains(from)) {
    std::erase_if(failures_, [&](const auto& entry) { return entry.second.blocked_until <= now.seconds(); });
    // All the others together are as one, or each of them would be told.
    if (failures_.size() >= addresses_max) return ++of_no_room_;
  }
  auto& entry = failures_[from];
  // Also where the clock was set back.
  if (now.seconds() - entry.last > forgotten_seconds || now.seconds() < entry.last) entry = {};
  entry.last = now.seconds();
  ++entry.turned_away;
  if (++entry.count < failures_free) return entry.turned_away;
  const auto doublings = std::min(entry.count - failures_free, 10U);
  entry.blocked_until = now.seconds() + std::min(std::int64_t{2} << doublings, blocked_seconds_max);
  return entry.turned_away;
}

std::uint32_t Guard::failed(const std::string& address, Instant now) {
  const std::lock_guard lock(mutex_);
  return count_failure(address, now);
}

std::variant<Account, TurnedAway> Guard::admit(const WebClient& client, Instant now) {
  const auto accounts = accounts_.now();
  const std::lock_guard lock(mutex_);
  const auto account = client.certificate ? accounts->find(*client.certificate) : accounts->end();
  if (account == accounts->end()) {
    // Who shows a certificate that is good is let in from wherever: nobody locks out others behind the same address.
    const auto known = failures_.find(counted_as(client.address));
    const auto left = known == failures_.end() ? 0 : known->second.blocked_until - now.seconds();
    if (left > 0 && left <= blocked_seconds_max) return TurnedAway{429, left, ++known->second.turned_away};
    return TurnedAway{401, 0, count_failure(client.address, now)};
  }
  auto& minute = minutes_[account->second.name];
  const auto number = now.seconds() / 60;
  if (minute.number != number) minute = {number, 0};
  if (++minute.requests > rate_max_)
    return TurnedAway{429, 60 - now.seconds() % 60, minute.requests - rate_max_, account->second.name};
  return account->second;
}

}  // namespace sallyport::server
