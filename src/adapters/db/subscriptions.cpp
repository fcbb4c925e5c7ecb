// SPDX-License-Identifier: Apache-2.0
#include "adapters/db/subscriptions.h"

#include <array>
#include <utility>

#include "adapters/db/quotas.h"
#include "adapters/db/rows.h"

namespace sallyport::db {
namespace {

using soci::into;
using soci::use;

constexpr std::array<std::pair<Happened, std::string_view>, 4> words = {{
    {Happened::onboarded, "onboarded"},
    {Happened::enabled, "enabled"},
    {Happened::disabled, "disabled"},
    {Happened::deleted, "deleted"},
}};

Result<Happened> happened_of(const std::string& text) {
  for (const auto& [what, its_word] : words)
    if (its_word == text) return what;
  return Error(Code::io_failed, "database", "an event", text);
}

constexpr const char* subscription_columns =
    "number, id, account, filter, callback, failures, retry_at, holder, held_until, created";

template <class... Uses>
std::vector<SubscriptionRecord> read_subscriptions(soci::session& sql, const std::string& query,
                                                   Uses&&... uses) {
  SubscriptionRecord s;
  long long number = 0;
  long long failures = 0;
  long long retry_at = 0;
  long long held_until = 0;
  long long created = 0;
  auto prepared =
      (sql.prepare << query, into(number), into(s.id), into(s.account), into(s.filter), into(s.callback),
       into(failures), into(retry_at), into(s.holder), into(held_until), into(created));
  soci::statement statement = (prepared, ..., use(uses));
  std::vector<SubscriptionRecord> found;
  statement.execute();
  while (statement.fetch()) {
    s.number = static_cast<std::uint64_t>(number);
    s.failures = static_cast<std::uint64_t>(failures);
    s.retry_at = retry_at;
    s.held_until = held_until;
    s.created = created;
    found.push_back(s);
  }
  return found;
}

template <class Record>
std::optional<Record> first(std::vector<Record> found) {
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

Changed add_notification(soci::session& sql, const NotificationRecord& n, std::uint32_t waiting_max) {
  long long most = waiting_max;
  long long created = n.created;
  return change(sql,
                "INSERT INTO notifications (id, subscription, body, created) SELECT :id, id, :body, :created "
                "FROM subscriptions WHERE id = :subscription AND (SELECT count(*) FROM notifications WHERE "
                "subscription = :same) < :most",
                n.id, n.body, created, n.subscription, n.subscription, most);
}

std::uint64_t count_of(soci::session& sql, const std::string& table) {
  long long number = 0;
  sql << "SELECT count(*) FROM " + table, into(number);
  return static_cast<std::uint64_t>(number);
}

}  // namespace

void add_event(soci::session& sql, const PackageRecord& package, Happened what) {
  for (const auto& [its_what, word] : words) {
    if (its_what != what) continue;
    const std::string text(word);
    change(sql,
           "INSERT INTO events (what, package, owner, release, provider, product, version) VALUES (:what, "
           ":package, :owner, :release, :provider, :product, :version)",
           text, package.id, package.owner, package.release, package.provider, package.product,
           package.version);
  }
}

Result<Changed> add_subscription(Sessions& sessions, const SubscriptionRecord& s, std::uint32_t count_max) {
  return sessions.with([&](soci::session& sql) -> Result<Changed> {
    soci::transaction step(sql);
    lock_account(sql, sessions.dialect(), s.account);
    long long most = count_max;
    long long created = s.created;
    const auto changed = change(
        sql,
        "INSERT INTO subscriptions (id, account, filter, callback, failures, retry_at, holder, held_until, "
        "created) SELECT :id, :account, :filter, :callback, 0, 0, '', 0, :created WHERE (SELECT count(*) "
        "FROM "
        "subscriptions WHERE account = :same) < :most",
        s.id, s.account, s.filter, s.callback, created, s.account, most);
    step.commit();
    return changed;
  });
}

Result<std::optional<SubscriptionRecord>> find_subscription(Sessions& sessions, const std::string& id) {
  return sessions.with([&](soci::session& sql) -> Result<std::optional<SubscriptionRecord>> {
    return first(read_subscriptions(
        sql, std::string("SELECT ") + subscription_columns + " FROM subscriptions WHERE id = :id", id));
  });
}

Result<std::vector<SubscriptionRecord>> list_subscriptions(Sessions& sessions, std::uint64_t after,
                                                           std::uint32_t count_max) {
  return sessions.with([&](soci::session& sql) -> Result<std::vector<SubscriptionRecord>> {
    long long number = whole(after);
    long long most = count_max;
    return read_subscriptions(sql,
                              std::string("SELECT ") + subscription_columns +
                                  " FROM subscriptions WHERE number > :after ORDER BY number LIMIT :most",
                              number, most);
  });
}

Result<Changed> remove_subscription(Sessions& sessions, const std::string& id) {
  return sessions.with([&](soci::session& sql) -> Result<Changed> {
    soci::transaction step(sql);
    const auto changed = change(sql, "DELETE FROM subscriptions WHERE id = :id", id);
    change(sql, "DELETE FROM notifications WHERE subscription = :id", id);
    step.commit();
    return changed;
  });
}

Result<std::optional<EventRecord>> oldest_event(Sessions& sessions) {
  return sessions.with([&](soci::session& sql) -> Result<std::optional<EventRecord>> {
    EventRecord e;
    long long number = 0;
    std::string what;
    sql << "SELECT number, what, package, owner, release, provider, product, version FROM events ORDER BY "
           "number LIMIT 1",
        into(number), into(what), into(e.package), into(e.owner), into(e.release), into(e.provider),
        into(e.product), into(e.version);
    if (!sql.got_data()) return std::optional<EventRecord>();
    e.number = static_cast<std::uint64_t>(number);
    e.what = TRY(happened_of(what));
    return std::optional(std::move(e));
  });
}

Result<std::optional<std::uint32_t>> end_event(Sessions& sessions, std::uint64_t number,
                                               const std::vector<NotificationRecord>& all,
                                               std::uint32_t waiting_max) {
  return sessions.with([&](soci::session& sql) -> Result<std::optional<std::uint32_t>> {
    soci::transaction step(sql);
    long long which = whole(number);
    if (change(sql, "DELETE FROM events WHERE number = :number", which) == Changed::not_found)
      return std::optional<std::uint32_t>();
    std::uint32_t left_out = 0;
    for (const auto& one : all)
      if (add_notification(sql, one, waiting_max) == Changed::not_found) ++left_out;
    step.commit();
    return std::optional(left_out);
  });
}

Result<std::optional<SubscriptionRecord>> claim_subscription(Sessions& sessions, const std::string& holder,
                                                             Instant now, Instant until) {
  return sessions.with([&](soci::session& sql) -> Result<std::optional<SubscriptionRecord>> {
    long long at = now.seconds();
    long long end = until.seconds();
    const std::string lock = sessions.dialect() == Dialect::postgresql ? " FOR UPDATE SKIP LOCKED" : "";
    return first(read_subscriptions(
        sql,
        "UPDATE subscriptions SET holder = :holder, held_until = :until WHERE number = (SELECT s.number FROM "
        "subscriptions s WHERE s.held_until <= :now AND s.retry_at <= :same AND EXISTS (SELECT 1 FROM "
        "notifications n WHERE n.subscription = s.id) ORDER BY s.retry_at, s.number LIMIT 1" +
            lock + ") RETURNING " + subscription_columns,
        holder, end, at, at));
  });
}

Result<std::optional<NotificationRecord>> oldest_notification(Sessions& sessions,
                                                              const std::string& subscription) {
  return sessions.with([&](soci::session& sql) -> Result<std::optional<NotificationRecord>> {
    NotificationRecord n;
    long long number = 0;
    long long created = 0;
    sql << "SELECT number, id, subscription, body, created FROM notifications WHERE subscription = :id ORDER "
           "BY number LIMIT 1",
        into(number), into(n.id), into(n.subscription), into(n.body), into(created), use(subscription);
    if (!sql.got_data()) return std::optional<NotificationRecord>();
    n.number = static_cast<std::uint64_t>(number);
    n.created = created;
    return std::optional(std::move(n));
  });
}

Result<void> remove_notification(Sessions& sessions, std::uint64_t number) {
  return sessions.with([&](soci::session& sql) -> Result<void> {
    long long which = whole(number);
    change(sql, "DELETE FROM notifications WHERE number = :number", which);
    return {};
  });
}

Result<Changed> release_subscription(Sessions& sessions, const SubscriptionRecord& s,
                                     const std::string& holder) {
  return sessions.with([&](soci::session& sql) -> Result<Changed> {
    long long failures = whole(s.failures);
    long long retry_at = s.retry_at;
    return change(sql,
                  "UPDATE subscriptions SET failures = :failures, retry_at = :retry_at, holder = '', "
                  "held_until = 0 WHERE id = :id AND holder = :holder",
                  failures, retry_at, s.id, holder);
  });
}

Result<Counts> count(Sessions& sessions) {
  return sessions.with([&](soci::session& sql) -> Result<Counts> {
    Counts counts;
    std::string state;
    long long number = 0;
    soci::statement statement =
        (sql.prepare << "SELECT state, count(*) FROM packages GROUP BY state ORDER BY state", into(state),
         into(number));
    statement.execute();
    while (statement.fetch()) counts.packages.emplace_back(state, static_cast<std::uint64_t>(number));
    sql << "SELECT count(*) FROM packages WHERE state = 'PROCESSING' AND held_until = 0", into(number);
    counts.untried = static_cast<std::uint64_t>(number);
    counts.subscriptions = count_of(sql, "subscriptions");
    counts.notifications = count_of(sql, "notifications");
    counts.events = count_of(sql, "events");
    return counts;
  });
}

}  // namespace sallyport::db
