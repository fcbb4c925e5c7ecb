// SPDX-License-Identifier: Apache-2.0
#include "adapters/db/sql.h"

#include <array>

#include "adapters/db/exceptions.h"
#include "adapters/db/reports.h"
#include "adapters/db/rescans.h"
#include "adapters/db/rows.h"
#include "adapters/db/session.h"
#include "adapters/db/subscriptions.h"

namespace sallyport {
namespace {

using soci::into;
using soci::use;

constexpr const char* package_columns =
    "number, id, owner, state, operational, user_data, content, size, failure, verdict, release, provider, "
    "product, version, revision, holder, held_until, created, source, security_option, exceptions";
constexpr const char* all_but_names =
    "state = :state, operational = :operational, user_data = :user_data, content = :content, size = :size, "
    "failure = :failure, verdict = :verdict, release = :release, provider = :provider, product = :product, "
    "version = :version, holder = :holder, held_until = :held_until, source = :source, exceptions = "
    ":exceptions, revision = revision + 1";

// A package as the library takes and gives it.
struct Row {
  long long number = 0;
  std::string id, owner, state, operational, user_data, content;
  long long size = 0;
  std::string failure, verdict, release, provider, product, version;
  long long revision = 0;
  std::string holder;
  long long held_until = 0;
  long long created = 0;
  std::string source, security_option, exceptions;
};

Row row_of(const PackageRecord& p) {
  return {whole(p.number),
          p.id,
          p.owner,
          std::string(word(p.state)),
          std::string(word(p.operational)),
          p.user_data,
          p.content,
          whole(p.size),
          p.failure,
          p.verdict,
          p.release,
          p.provider,
          p.product,
          p.version,
          whole(p.revision),
          p.holder,
          p.held_until,
          p.created,
          p.source,
          p.security_option,
          p.exceptions};
}

Result<Onboarding> onboarding_of(const std::string& text) {
  for (const auto state : {Onboarding::created, Onboarding::uploading, Onboarding::processing,
                           Onboarding::onboarded, Onboarding::error})
    if (word(state) == text) return state;
  return Error(Code::io_failed, "database", "a state of a package", text);
}

Result<PackageRecord> record_of(const Row& row) {
  const auto state = TRY(onboarding_of(row.state));
  const auto operational =
      row.operational == word(Operational::enabled) ? Operational::enabled : Operational::disabled;
  return PackageRecord{static_cast<std::uint64_t>(row.number),
                       row.id,
                       row.owner,
                       state,
                       operational,
                       row.user_data,
                       row.content,
                       static_cast<std::uint64_t>(row.size),
                       row.failure,
                       row.verdict,
                       row.release,
                       row.provider,
                       row.product,
                       row.version,
                       static_cast<std::uint64_t>(row.revision),
                       row.holder,
                       row.held_until,
                       row.created,
                       row.source,
                       row.security_option,
                       row.exceptions};
}

template <class... Uses>
Result<std::vector<PackageRecord>> read_packages(soci::session& sql, const std::string& query,
                                                 Uses&&... uses) {
  Row row;
  auto prepared =
      (sql.prepare << query, into(row.number), into(row.id), into(row.owner), into(row.state),
       into(row.operational), into(row.user_data), into(row.content), into(row.size), into(row.failure),
       into(row.verdict), into(row.release), into(row.provider), into(row.product), into(row.version),
       into(row.revision), into(row.holder), into(row.held_until), into(row.created), into(row.source),
       into(row.security_option), into(row.exceptions));
  soci::statement statement = (prepared, ..., use(uses));
  std::vector<PackageRecord> found;
  statement.execute();
  while (statement.fetch()) found.push_back(TRY(record_of(row)));
  return found;
}

std::optional<PackageRecord> first(std::vector<PackageRecord> found) {
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

class SqlDatabase final : public Database {
 public:
  explicit SqlDatabase(std::unique_ptr<Sessions> sessions) : sessions_(std::move(sessions)) {}

  Result<void> add_package(const PackageRecord& package) override {
    return sessions_->with([&](soci::session& sql) -> Result<void> {
      Row r = row_of(package);
      change(
          sql,
          "INSERT INTO packages (id, owner, state, operational, user_data, content, size, failure, verdict, "
          "release, provider, product, version, revision, holder, held_until, created) VALUES (:id, :owner, "
          ":state, :operational, :user_data, :content, :size, :failure, :verdict, :release, :provider, "
          ":product, :version, :revision, :holder, :held_until, :created)",
          r.id, r.owner, r.state, r.operational, r.user_data, r.content, r.size, r.failure, r.verdict,
          r.release, r.provider, r.product, r.version, r.revision, r.holder, r.held_until, r.created);
      return {};
    });
  }

  Result<std::optional<PackageRecord>> find_package(const std::string& id) override {
    return sessions_->with([&](soci::session& sql) -> Result<std::optional<PackageRecord>> {
      return first(TRY(read_packages(
          sql, std::string("SELECT ") + package_columns + " FROM packages WHERE id = :id", id)));
    });
  }

  Result<std::vector<PackageRecord>> list_packages(std::uint64_t after, std::uint32_t count_max) override {
    return sessions_->with([&](soci::session& sql) {
      long long number = whole(after);
      long long count = count_max;
      return read_packages(sql,
                           std::string("SELECT ") + package_columns +
                               " FROM packages WHERE number > :after ORDER BY number LIMIT :count",
                           number, count);
    });
  }

  Result<std::vector<PackageRecord>> list_release(const std::string& release) override {
    return sessions_->with([&](soci::session& sql) {
      return read_packages(
          sql,
          std::string("SELECT ") + package_columns +
              " FROM packages WHERE release = :release AND state = 'ONBOARDED' ORDER BY number LIMIT 100",
          release);
    });
  }

  Result<void> set_members(const std::string& id, const std::string& members) override {
    return sessions_->with([&](soci::session& sql) -> Result<void> {
      change(sql, "UPDATE packages SET members = :members WHERE id = :id", members, id);
      return {};
    });
  }

  Result<std::string> find_members(const std::string& id) override {
    return sessions_->with([&](soci::session& sql) -> Result<std::string> {
      std::string members;
      sql << "SELECT members FROM packages WHERE id = :id", into(members), use(id);
      return members;
    });
  }

  Result<Changed> change_package(const PackageRecord& package, Happened what) override {
    return sessions_->with([&](soci::session& sql) -> Result<Changed> {
      soci::transaction step(sql);
      Row r = row_of(package);
      const auto changed = change(
          sql,
          std::string("UPDATE packages SET ") + all_but_names + " WHERE id = :id AND revision = :revision",
          r.state, r.operational, r.user_data, r.content, r.size, r.failure, r.verdict, r.release, r.provider,
          r.product, r.version, r.holder, r.held_until, r.source, r.exceptions, r.id, r.revision);
      if (changed == Changed::done) db::add_event(sql, package, what);
      step.commit();
      return changed;
    });
  }

  Result<Changed> modify_package(const PackageRecord& package, Happened what) override {
    return sessions_->with([&](soci::session& sql) -> Result<Changed> {
      soci::transaction step(sql);
      Row r = row_of(package);
      const auto changed = change(sql,
                                  "UPDATE packages SET operational = :operational, user_data = :user_data, "
                                  "revision = revision + 1 WHERE id = :id AND revision = :revision",
                                  r.operational, r.user_data, r.id, r.revision);
      if (changed == Changed::done) db::add_event(sql, package, what);
      step.commit();
      return changed;
    });
  }

  Result<Changed> remove_package(const PackageRecord& package) override {
    return sessions_->with([&](soci::session& sql) -> Result<Changed> {
      soci::transaction step(sql);
      long long number = whole(package.revision);
      const auto changed =
          change(sql, "DELETE FROM packages WHERE id = :id AND revision = :revision", package.id, number);
      if (changed == Changed::done) sql << "DELETE FROM rescans WHERE package = :id", use(package.id);
      if (changed == Changed::done && package.state == Onboarding::onboarded)
        db::add_event(sql, package, Happened::deleted);
      step.commit();
      return changed;
    });
  }

  Result<std::optional<PackageRecord>> claim_package(const std::string& holder, Instant now,
                                                     Instant until) override {
    return claim_one("state = 'PROCESSING'", holder, now, until);
  }

  Result<std::optional<PackageRecord>> claim_fetch(const std::string& holder, Instant now,
                                                   Instant until) override {
    return claim_one("state = 'UPLOADING' AND source <> ''", holder, now, until);
  }

  Result<Changed> keep_claim(const std::string& id, const std::string& holder, Instant until) override {
    return sessions_->with([&](soci::session& sql) -> Result<Changed> {
      long long end = until.seconds();
      return change(sql, "UPDATE packages SET held_until = :until WHERE id = :id AND holder = :holder", end,
                    id, holder);
    });
  }

  Result<Changed> finish_claim(const PackageRecord& package, const std::string& holder) override {
    return sessions_->with([&](soci::session& sql) -> Result<Changed> {
      soci::transaction step(sql);
      Row r = row_of(package);
      const auto changed =
          change(sql,
                 "UPDATE packages SET state = :state, operational = :operational, content = :content, size = "
                 ":size, failure = :failure, verdict = :verdict, release = :release, provider = :provider, "
                 "product = :product, version = :version, holder = '', held_until = 0, source = '', "
                 "security_option = :option, exceptions = :exceptions, revision = revision + 1 "
                 "WHERE id = :id AND holder = :claimed",
                 r.state, r.operational, r.content, r.size, r.failure, r.verdict, r.release, r.provider,
                 r.product, r.version, r.security_option, r.exceptions, r.id, holder);
      if (changed == Changed::done && package.state == Onboarding::onboarded)
        db::add_event(sql, package, Happened::onboarded);
      step.commit();
      return changed;
    });
  }

  Result<void> set_knowledge(const std::string& id, std::uint64_t knowledge) override {
    return db::set_knowledge(*sessions_, id, knowledge);
  }
  Result<std::optional<PackageRecord>> claim_rescan(const std::string& holder, std::uint64_t knowledge,
                                                    Instant now, Instant until) override {
    const auto id = TRY(db::claim_rescan(*sessions_, holder, knowledge, now, until));
    if (!id) return std::optional<PackageRecord>();
    return find_package(*id);
  }
  Result<Changed> finish_rescan(const RescanRecord& found, const std::string& holder,
                                std::uint64_t knowledge) override {
    return db::finish_rescan(*sessions_, found, holder, knowledge);
  }
  Result<std::optional<RescanRecord>> find_rescan(const std::string& id) override {
    return db::find_rescan(*sessions_, id);
  }
  Result<std::vector<HitRecord>> list_hits(std::uint32_t count_max) override {
    return db::list_hits(*sessions_, count_max);
  }

  Result<Changed> add_order(const OrderRecord& order) override {
    return sessions_->with([&](soci::session& sql) -> Result<Changed> {
      long long created = order.created;
      long long until = order.until;
      return change(
          sql,
          "INSERT INTO orders (digest, package, until, account, envelope, created) VALUES (:digest, "
          ":package, :until, :account, :envelope, :created) ON CONFLICT (digest) DO NOTHING",
          order.digest, order.package, until, order.account, order.envelope, created);
    });
  }

  Result<std::optional<OrderRecord>> find_order(const std::string& digest) override {
    return sessions_->with([&](soci::session& sql) -> Result<std::optional<OrderRecord>> {
      auto found = read_orders(sql, " WHERE digest = :digest", digest);
      if (found.empty()) return std::optional<OrderRecord>();
      return std::optional(std::move(found.front()));
    });
  }

  Result<std::vector<OrderRecord>> list_orders(std::uint64_t after, std::uint32_t count_max) override {
    return sessions_->with([&](soci::session& sql) -> Result<std::vector<OrderRecord>> {
      long long number = whole(after);
      long long count = count_max;
      return read_orders(sql, " WHERE number > :after ORDER BY number LIMIT :count", number, count);
    });
  }

  Result<std::vector<std::string>> list_used_packages(Instant now) override {
    return sessions_->with([&](soci::session& sql) -> Result<std::vector<std::string>> {
      std::string package;
      long long at = now.seconds();
      soci::statement statement = (sql.prepare << "SELECT package FROM orders WHERE until > :now UNION "
                                                  "SELECT package FROM report_packages",
                                   into(package), use(at));
      std::vector<std::string> found;
      statement.execute();
      while (statement.fetch()) found.push_back(package);
      return found;
    });
  }

  Result<Changed> add_signature(const SignatureRecord& s) override {
    return sessions_->with([&](soci::session& sql) -> Result<Changed> {
      long long position = whole(s.position);
      long long created = s.created;
      return change(
          sql,
          "INSERT INTO signatures (order_digest, position, key_id, signature, account, created) VALUES "
          "(:digest, :position, :key, :signature, :account, :created) ON CONFLICT DO NOTHING",
          s.order, position, s.key, s.signature, s.account, created);
    });
  }

  Result<std::vector<SignatureRecord>> list_signatures(const std::string& order) override {
    return sessions_->with([&](soci::session& sql) -> Result<std::vector<SignatureRecord>> {
      SignatureRecord s;
      long long position = 0;
      long long created = 0;
      soci::statement statement =
          (sql.prepare
               << "SELECT order_digest, position, key_id, signature, account, created FROM signatures WHERE "
                  "order_digest = :digest ORDER BY position",
           into(s.order), into(position), into(s.key), into(s.signature), into(s.account), into(created),
           use(order));
      std::vector<SignatureRecord> found;
      statement.execute();
      while (statement.fetch()) {
        s.position = static_cast<std::uint64_t>(position);
        s.created = created;
        found.push_back(s);
      }
      return found;
    });
  }

  Result<Changed> put_report(const ReportRecord& report) override {
    return db::put_report(*sessions_, report);
  }
  Result<std::optional<ReportRecord>> find_report(const std::string& node) override {
    return db::find_report(*sessions_, node);
  }
  Result<std::vector<ReportRecord>> list_reports(const std::string& after, std::uint32_t count_max) override {
    return db::list_reports(*sessions_, after, count_max);
  }
  Result<std::uint64_t> remove_reports(Instant before) override {
    return db::remove_reports(*sessions_, before);
  }
  Result<Changed> add_recall(const RecallRecord& recall) override {
    return db::add_recall(*sessions_, recall);
  }
  Result<std::optional<RecallRecord>> find_recall(const std::string& digest) override {
    return db::find_recall(*sessions_, digest);
  }
  Result<std::vector<RecallRecord>> list_recalls(std::uint64_t after, std::uint32_t count_max) override {
    return db::list_recalls(*sessions_, after, count_max);
  }
  Result<Changed> add_exception(const ExceptionRecord& exception) override {
    return db::add_exception(*sessions_, exception);
  }
  Result<std::optional<ExceptionRecord>> find_exception(const std::string& digest) override {
    return db::find_exception(*sessions_, digest);
  }
  Result<std::vector<ExceptionRecord>> list_exceptions(std::uint64_t after,
                                                       std::uint32_t count_max) override {
    return db::list_exceptions(*sessions_, after, count_max);
  }
  Result<std::vector<ExceptionRecord>> list_exceptions_since(Instant ended, std::uint64_t after,
                                                             std::uint32_t count_max) override {
    return db::list_exceptions_since(*sessions_, ended, after, count_max);
  }
  Result<Changed> tell_once(const std::string& what, Instant now) override {
    return db::tell_once(*sessions_, what, now);
  }
  Result<std::uint64_t> remove_audit(Instant before) override { return db::remove_audit(*sessions_, before); }

  Result<Changed> add_subscription(const SubscriptionRecord& s, std::uint32_t count_max) override {
    return db::add_subscription(*sessions_, s, count_max);
  }
  Result<std::optional<SubscriptionRecord>> find_subscription(const std::string& id) override {
    return db::find_subscription(*sessions_, id);
  }
  Result<std::vector<SubscriptionRecord>> list_subscriptions(std::uint64_t after,
                                                             std::uint32_t count_max) override {
    return db::list_subscriptions(*sessions_, after, count_max);
  }
  Result<Changed> remove_subscription(const std::string& id) override {
    return db::remove_subscription(*sessions_, id);
  }
  Result<std::optional<EventRecord>> oldest_event() override { return db::oldest_event(*sessions_); }
  Result<std::optional<std::uint32_t>> end_event(std::uint64_t number,
                                                 const std::vector<NotificationRecord>& all,
                                                 std::uint32_t waiting_max) override {
    return db::end_event(*sessions_, number, all, waiting_max);
  }
  Result<std::optional<SubscriptionRecord>> claim_subscription(const std::string& holder, Instant now,
                                                               Instant until) override {
    return db::claim_subscription(*sessions_, holder, now, until);
  }
  Result<std::optional<NotificationRecord>> oldest_notification(const std::string& subscription) override {
    return db::oldest_notification(*sessions_, subscription);
  }
  Result<void> remove_notification(std::uint64_t number) override {
    return db::remove_notification(*sessions_, number);
  }
  Result<Changed> release_subscription(const SubscriptionRecord& s, const std::string& holder) override {
    return db::release_subscription(*sessions_, s, holder);
  }
  Result<Counts> count() override { return db::count(*sessions_); }

  Result<void> add_audit(const AuditRecord& record) override { return db::add_audit(*sessions_, record); }
  Result<std::vector<AuditRecord>> list_audit(std::uint64_t after, std::uint32_t count_max) override {
    return db::list_audit(*sessions_, after, count_max);
  }

  Result<void> ping() override {
    return sessions_->with([](soci::session& sql) -> Result<void> {
      int one = 0;
      sql << "SELECT 1", into(one);
      if (one != 1) return Error(Code::io_failed, "database", "1", std::to_string(one));
      return {};
    });
  }

 private:
  Result<std::optional<PackageRecord>> claim_one(const std::string& which, const std::string& holder,
                                                 Instant now, Instant until) {
    return sessions_->with([&](soci::session& sql) -> Result<std::optional<PackageRecord>> {
      long long at = now.seconds();
      long long end = until.seconds();
      long long never = now.plus(package_hold_seconds_max).seconds();
      const std::string lock = sessions_->dialect() == Dialect::postgresql ? " FOR UPDATE SKIP LOCKED" : "";
      return first(TRY(read_packages(
          sql,
          "UPDATE packages SET holder = :holder, held_until = :until WHERE number = "
          "(SELECT number FROM packages WHERE " +
              which + " AND (held_until <= :now OR held_until > :never) ORDER BY held_until, number LIMIT 1" +
              lock + ") RETURNING " + package_columns,
          holder, end, at, never)));
    });
  }

  template <class... Uses>
  static std::vector<OrderRecord> read_orders(soci::session& sql, const std::string& where, Uses&&... uses) {
    OrderRecord order;
    long long number = 0;
    long long until = 0;
    long long created = 0;
    auto prepared =
        (sql.prepare << "SELECT number, digest, package, until, account, envelope, created FROM orders" +
                            where,
         into(number), into(order.digest), into(order.package), into(until), into(order.account),
         into(order.envelope), into(created));
    soci::statement statement = (prepared, ..., use(uses));
    std::vector<OrderRecord> found;
    statement.execute();
    while (statement.fetch()) {
      order.number = static_cast<std::uint64_t>(number);
      order.until = until;
      order.created = created;
      found.push_back(order);
    }
    return found;
  }

  std::unique_ptr<Sessions> sessions_;
};

}  // namespace

Result<std::unique_ptr<Database>> open_database(const std::string& uri) {
  auto sessions = TRY(Sessions::open(uri));
  TRY(migrate(*sessions));
  return std::unique_ptr<Database>(std::make_unique<SqlDatabase>(std::move(sessions)));
}

}  // namespace sallyport
