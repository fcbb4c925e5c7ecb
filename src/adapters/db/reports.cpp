// SPDX-License-Identifier: Apache-2.0
#include "adapters/db/reports.h"

#include <utility>

#include "adapters/db/rows.h"

namespace sallyport::db {
namespace {

using soci::into;
using soci::use;

template <class Record>
std::optional<Record> first(std::vector<Record> found) {
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

// Without `packages`, which nobody asks a report for.
template <class... Uses>
std::vector<ReportRecord> read_reports(soci::session& sql, const std::string& where, Uses&&... uses) {
  ReportRecord report;
  long long created = 0;
  long long made = 0;
  auto prepared = (sql.prepare << "SELECT node, envelope, created, made FROM reports" + where,
                   into(report.node), into(report.envelope), into(created), into(made));
  soci::statement statement = (prepared, ..., use(uses));
  std::vector<ReportRecord> found;
  statement.execute();
  while (statement.fetch()) {
    report.created = created;
    report.made = made;
    found.push_back(report);
  }
  return found;
}

template <class... Uses>
std::vector<RecallRecord> read_recalls(soci::session& sql, const std::string& where, Uses&&... uses) {
  RecallRecord recall;
  long long number = 0;
  long long created = 0;
  auto prepared =
      (sql.prepare << "SELECT number, digest, account, envelope, created FROM recalls" + where, into(number),
       into(recall.digest), into(recall.account), into(recall.envelope), into(created));
  soci::statement statement = (prepared, ..., use(uses));
  std::vector<RecallRecord> found;
  statement.execute();
  while (statement.fetch()) {
    recall.number = static_cast<std::uint64_t>(number);
    recall.created = created;
    found.push_back(recall);
  }
  return found;
}

Result<std::uint64_t> remove(Sessions& sessions, const std::string& query, Instant before) {
  return sessions.with([&](soci::session& sql) -> Result<std::uint64_t> {
    long long at = before.seconds();
    soci::statement statement = (sql.prepare << query, use(at));
    statement.execute(true);
    return static_cast<std::uint64_t>(statement.get_affected_rows());
  });
}

}  // namespace

Result<Changed> add_signature(Sessions& sessions, const SignatureRecord& s) {
  return sessions.with([&](soci::session& sql) -> Result<Changed> {
    long long position = whole(s.position);
    long long created = s.created;
    return change(
        sql,
        "INSERT INTO signatures (order_digest, position, key_id, signature, account, created) VALUES "
        "(:digest, :position, :key, :signature, :account, :created) ON CONFLICT DO NOTHING",
        s.order, position, s.key, s.signature, s.account, created);
  });
}

Result<std::vector<SignatureRecord>> list_signatures(Sessions& sessions, const std::string& order) {
  return sessions.with([&](soci::session& sql) -> Result<std::vector<SignatureRecord>> {
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

Result<Changed> put_report(Sessions& sessions, const ReportRecord& report) {
  return sessions.with([&](soci::session& sql) -> Result<Changed> {
    soci::transaction step(sql);
    long long created = report.created;
    long long made = report.made;
    const auto changed =
        change(sql,
               "INSERT INTO reports (node, envelope, created, made) VALUES (:node, :envelope, :created, "
               ":made) ON CONFLICT (node) DO UPDATE SET envelope = excluded.envelope, created = "
               "excluded.created, made = excluded.made WHERE reports.made <= excluded.made",
               report.node, report.envelope, created, made);
    if (changed == Changed::not_found) return changed;
    change(sql, "DELETE FROM report_packages WHERE node = :node", report.node);
    for (const auto& package : report.packages)
      change(sql,
             "INSERT INTO report_packages (node, package) VALUES (:node, :package) ON CONFLICT DO NOTHING",
             report.node, package);
    step.commit();
    return changed;
  });
}

Result<std::optional<ReportRecord>> find_report(Sessions& sessions, const std::string& node) {
  return sessions.with([&](soci::session& sql) -> Result<std::optional<ReportRecord>> {
    return first(read_reports(sql, " WHERE node = :node", node));
  });
}

Result<std::vector<ReportRecord>> list_reports(Sessions& sessions, const std::string& after,
                                               std::uint32_t count_max) {
  return sessions.with([&](soci::session& sql) -> Result<std::vector<ReportRecord>> {
    long long count = count_max;
    return read_reports(sql, " WHERE node > :after ORDER BY node LIMIT :count", after, count);
  });
}

Result<std::uint64_t> remove_reports(Sessions& sessions, Instant before) {
  const auto gone = TRY(remove(sessions, "DELETE FROM reports WHERE created < :before", before));
  return sessions.with([&](soci::session& sql) -> Result<std::uint64_t> {
    sql << "DELETE FROM report_packages WHERE node NOT IN (SELECT node FROM reports)";
    return gone;
  });
}

Result<Changed> add_recall(Sessions& sessions, const RecallRecord& recall) {
  return sessions.with([&](soci::session& sql) -> Result<Changed> {
    long long created = recall.created;
    return change(sql,
                  "INSERT INTO recalls (digest, account, envelope, created) VALUES (:digest, :account, "
                  ":envelope, :created) ON CONFLICT (digest) DO NOTHING",
                  recall.digest, recall.account, recall.envelope, created);
  });
}

Result<std::optional<RecallRecord>> find_recall(Sessions& sessions, const std::string& digest) {
  return sessions.with([&](soci::session& sql) -> Result<std::optional<RecallRecord>> {
    return first(read_recalls(sql, " WHERE digest = :digest", digest));
  });
}

Result<std::vector<RecallRecord>> list_recalls(Sessions& sessions, std::uint64_t after,
                                               std::uint32_t count_max) {
  return sessions.with([&](soci::session& sql) -> Result<std::vector<RecallRecord>> {
    long long number = whole(after);
    long long count = count_max;
    return read_recalls(sql, " WHERE number > :after ORDER BY number LIMIT :count", number, count);
  });
}

Result<Changed> tell_once(Sessions& sessions, const std::string& what, Instant now) {
  return sessions.with([&](soci::session& sql) -> Result<Changed> {
    long long at = now.seconds();
    return change(sql, "INSERT INTO told (what, time) VALUES (:what, :time) ON CONFLICT DO NOTHING", what,
                  at);
  });
}

Result<void> add_audit(Sessions& sessions, const AuditRecord& r) {
  return sessions.with([&](soci::session& sql) -> Result<void> {
    long long time = r.time;
    change(sql,
           "INSERT INTO audit (time, account, source, action, object, outcome, code, detail) VALUES (:time, "
           ":account, :source, :action, :object, :outcome, :code, :detail)",
           time, r.account, r.source, r.action, r.object, r.outcome, r.code, r.detail);
    return {};
  });
}

Result<std::vector<AuditRecord>> list_audit(Sessions& sessions, std::uint64_t after,
                                            std::uint32_t count_max) {
  return sessions.with([&](soci::session& sql) -> Result<std::vector<AuditRecord>> {
    AuditRecord r;
    long long from = whole(after);
    long long count = count_max;
    long long number = 0;
    long long time = 0;
    soci::statement statement =
        (sql.prepare
             << "SELECT number, time, account, source, action, object, outcome, code, detail FROM audit "
                "WHERE number > :after ORDER BY number LIMIT :count",
         into(number), into(time), into(r.account), into(r.source), into(r.action), into(r.object),
         into(r.outcome), into(r.code), into(r.detail), use(from), use(count));
    std::vector<AuditRecord> found;
    statement.execute();
    while (statement.fetch()) {
      r.number = static_cast<std::uint64_t>(number);
      r.time = time;
      found.push_back(r);
    }
    return found;
  });
}

Result<std::uint64_t> remove_audit(Sessions& sessions, Instant before) {
  return remove(sessions, "DELETE FROM audit WHERE time < :before", before);
}

}  // namespace sallyport::db
