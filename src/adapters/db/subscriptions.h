// SPDX-License-Identifier: Apache-2.0
// The statements about events, and about those who are told of them. What each does: port.h.
#pragma once

#include "adapters/db/port.h"
#include "adapters/db/session.h"

namespace sallyport::db {

// In the transaction of the change that it is about.
void add_event(soci::session& sql, const PackageRecord& package, Happened what);

Result<Changed> add_subscription(Sessions& sessions, const SubscriptionRecord& s, std::uint32_t count_max);
Result<std::optional<SubscriptionRecord>> find_subscription(Sessions& sessions, const std::string& id);
Result<std::vector<SubscriptionRecord>> list_subscriptions(Sessions& sessions, std::uint64_t after,
                                                           std::uint32_t count_max);
Result<Changed> remove_subscription(Sessions& sessions, const std::string& id);

Result<std::optional<EventRecord>> oldest_event(Sessions& sessions);
Result<std::optional<std::uint32_t>> end_event(Sessions& sessions, std::uint64_t number,
                                               const std::vector<NotificationRecord>& all,
                                               std::uint32_t waiting_max);
Result<std::optional<SubscriptionRecord>> claim_subscription(Sessions& sessions, const std::string& holder,
                                                             Instant now, Instant until);
Result<std::optional<NotificationRecord>> oldest_notification(Sessions& sessions,
                                                              const std::string& subscription);
Result<void> remove_notification(Sessions& sessions, std::uint64_t number);
Result<Changed> release_subscription(Sessions& sessions, const SubscriptionRecord& s,
                                     const std::string& holder);

Result<Counts> count(Sessions& sessions);

}  // namespace sallyport::db
