// SPDX-License-Identifier: Apache-2.0
#include "roles/server/notify.h"

#include <algorithm>

#include "core/format/json_writer.h"
#include "roles/server/audit.h"
#include "roles/server/notification_filter.h"
#include "roles/server/package_view.h"
#include "roles/server/packages.h"
#include "roles/server/subscriptions.h"

namespace sallyport::server {
namespace {

constexpr std::uint32_t batch_size = 200;
constexpr std::int64_t hold_seconds = 60;  // longer than any answer is waited for
constexpr std::int64_t pause_seconds_first = 10;
constexpr std::int64_t pause_seconds_max = 3600;

const Account* find_account(const Accounts& accounts, const std::string& name) {
  const auto found = std::find_if(accounts.begin(), accounts.end(),
                                  [&](const auto& entry) { return entry.second.name == name; });
  return found == accounts.end() ? nullptr : &found->second;
}

void link(JsonWriter& to, std::string_view name, const std::string& path) {
  to.key(name).begin_object().text("href", path).end_object();
}

std::string print(const EventRecord& event, const NotificationRecord& notification, Instant now) {
  const bool is_new = event.what == Happened::onboarded;
  JsonWriter to;
  to.begin_object().text("id", notification.id);
  to.text("notificationType", is_new ? onboarding_type : change_type);
  to.text("subscriptionId", notification.subscription).text("timeStamp", now.print());
  to.text("vnfPkgId", event.package).text("vnfdId", event.release);
  if (event.what == Happened::deleted) to.text("changeType", "PKG_DELETE");
  if (event.what == Happened::enabled || event.what == Happened::disabled)
    to.text("changeType", "OP_STATE_CHANGE")
        .text("operationalState", event.what == Happened::enabled ? "ENABLED" : "DISABLED");
  to.key("_links").begin_object();
  link(to, "vnfPackage", std::string(packages_path) + "/" + event.package);
  link(to, "vnfPackageByVnfdId", std::string(onboarded_path) + "/" + event.release);
  link(to, "subscription", std::string(subscriptions_path) + "/" + notification.subscription);
  return to.end_object().end_object().take();
}

// Also by what the account may see today.
bool is_told(const World& world, const SubscriptionRecord& subscription, const EventRecord& event) {
  const auto accounts = world.accounts.now();
  const auto* const account = find_account(*accounts, subscription.account);
  const auto filter = parse_notification_filter(as_bytes(subscription.filter));
  return account != nullptr && sees(*account, event.owner) && filter.ok() && filter.value().takes(event);
}

Result<void> record_drop(World& world, const std::string& account, const std::string& object,
                         std::string detail) {
  AuditRecord event;
  event.time = world.clock.now().seconds();
  event.account = account;
  event.source = "local";
  event.action = "NOTIFY";
  event.object = object;
  event.outcome = "fault";
  event.detail = std::move(detail);
  return record(world, event);
}

}  // namespace

std::int64_t pause_after(std::uint64_t failures) {
  if (failures == 0) return 0;
  const auto doublings = std::min<std::uint64_t>(failures - 1, 16);
  return std::min(pause_seconds_first << doublings, pause_seconds_max);
}

Result<Worked> spread_one(World& world) {
  const auto event = TRY(world.db.oldest_event());
  if (!event) return Worked::on_nothing;
  const auto now = world.clock.now();
  std::vector<NotificationRecord> all;
  std::uint64_t after = 0;
  for (bool is_more = true; is_more;) {
    const auto batch = TRY(world.db.list_subscriptions(after, batch_size));
    is_more = batch.size() == batch_size;
    for (const auto& subscription : batch) {
      after = subscription.number;
      if (!is_told(world, subscription, *event)) continue;
      auto id = TRY(world.new_id());
      NotificationRecord made{0, std::move(id), subscription.id, {}, now.seconds()};
      made.body = print(*event, made, now);
      all.push_back(std::move(made));
    }
  }
  const auto left_out = TRY(world.db.end_event(event->number, all, notifications_max));
  if (left_out.value_or(0) == 0) return Worked::on_a_package;
  world.live.dropped += *left_out;
  TRY(record_drop(world, "", std::string(packages_path) + "/" + event->package,
                  std::to_string(*left_out) + " notifications dropped: too many wait"));
  return Worked::on_a_package;
}

Result<Worked> deliver_one(World& world, const std::string& holder) {
  const auto begun = world.clock.now();
  auto held = TRY(world.db.claim_subscription(holder, begun, begun.plus(hold_seconds)));
  if (!held) return Worked::on_nothing;
  const auto path = std::string(subscriptions_path) + "/" + held->id;
  const auto accounts = world.accounts.now();
  if (find_account(*accounts, held->account) == nullptr) {
    TRY(world.db.remove_subscription(held->id));
    TRY(record_drop(world, held->account, path, "subscription dropped: its account is gone"));
    return Worked::on_a_package;
  }
  const auto waiting = TRY(world.db.oldest_notification(held->id));
  const auto status = waiting ? world.callbacks.send(held->callback, waiting->body) : Result<unsigned>(204U);
  const auto now = world.clock.now();
  const bool arrived = status.ok() && status.value() >= 200 && status.value() < 300;
  const bool is_over = waiting && now.seconds() - waiting->created >= notification_seconds_max;
  if (waiting && (arrived || is_over)) TRY(world.db.remove_notification(waiting->number));
  if (waiting) ++(arrived ? world.live.sent : world.live.failed);
  if (!arrived && is_over) {
    ++world.live.dropped;
    TRY(record_drop(world, held->account, path, "a notification dropped: nobody took it for a day"));
  }
  held->failures = arrived ? 0 : held->failures + 1;
  held->retry_at = now.plus(pause_after(held->failures)).seconds();
  TRY(world.db.release_subscription(*held, holder));
  return Worked::on_a_package;
}

}  // namespace sallyport::server
