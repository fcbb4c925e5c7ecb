// SPDX-License-Identifier: Apache-2.0
#include "adapters/db/rescans.h"

#include "adapters/db/rows.h"

namespace sallyport::db {
namespace {

using soci::into;
using soci::use;

std::vector<std::string> nodes_that_run(soci::session& sql, const std::string& content) {
  std::string node;
  soci::statement statement =
      (sql.prepare << "SELECT node FROM report_packages WHERE package = :package ORDER BY node", into(node),
       use(content));
  std::vector<std::string> found;
  statement.execute();
  while (statement.fetch()) found.push_back(node);
  return found;
}

Hit hit_of(long long number) {
  return number == 0 ? Hit::none : Hit::malware;
}

}  // namespace

Result<void> set_knowledge(Sessions& sessions, const std::string& id, std::uint64_t knowledge) {
  return sessions.with([&](soci::session& sql) -> Result<void> {
    long long number = whole(knowledge);
    change(sql, "UPDATE packages SET knowledge = :knowledge WHERE id = :id", number, id);
    return {};
  });
}

Result<std::optional<std::string>> claim_rescan(Sessions& sessions, const std::string& holder,
                                                std::uint64_t knowledge, Instant now, Instant until) {
  return sessions.with([&](soci::session& sql) -> Result<std::optional<std::string>> {
    long long number = whole(knowledge);
    long long at = now.seconds();
    long long end = until.seconds();
    std::string id;
    sql << "SELECT p.id FROM packages p LEFT JOIN rescans r ON r.package = p.id WHERE p.state = "
           "'ONBOARDED' AND p.knowledge < :knowledge AND coalesce(r.held_until, 0) <= :now ORDER BY "
           "p.number LIMIT 1",
        into(id), use(number), use(at);
    if (!sql.got_data()) return std::optional<std::string>();
    // Of several who saw the same one, one gets it; the others look once more later.
    const auto mine =
        change(sql,
               "INSERT INTO rescans (package, holder, held_until, hit, finding, verdict, time) VALUES (:id, "
               ":holder, :until, 0, '', '', 0) ON CONFLICT (package) DO UPDATE SET holder = "
               "excluded.holder, held_until = excluded.held_until WHERE rescans.held_until <= :now",
               id, holder, end, at);
    if (mine == Changed::not_found) return std::optional<std::string>();
    return std::optional(id);
  });
}

Result<Changed> finish_rescan(Sessions& sessions, const RescanRecord& found, const std::string& holder,
                              std::uint64_t knowledge) {
  return sessions.with([&](soci::session& sql) -> Result<Changed> {
    soci::transaction step(sql);
    long long hit = found.hit == Hit::malware ? 1 : 0;
    long long time = found.time;
    long long number = whole(knowledge);
    const auto changed = change(sql,
                                "UPDATE rescans SET holder = '', held_until = 0, hit = :hit, finding = "
                                ":finding, verdict = :verdict, time = :time WHERE package = :id AND holder "
                                "= :holder",
                                hit, found.finding, found.verdict, time, found.package, holder);
    if (changed == Changed::done)
      change(sql, "UPDATE packages SET knowledge = :knowledge, revision = revision + 1 WHERE id = :id",
             number, found.package);
    step.commit();
    return changed;
  });
}

Result<std::optional<RescanRecord>> find_rescan(Sessions& sessions, const std::string& id) {
  return sessions.with([&](soci::session& sql) -> Result<std::optional<RescanRecord>> {
    RescanRecord found;
    long long hit = 0;
    long long time = 0;
    sql << "SELECT package, hit, finding, verdict, time FROM rescans WHERE package = :id AND time > 0",
        into(found.package), into(hit), into(found.finding), into(found.verdict), into(time), use(id);
    if (!sql.got_data()) return std::optional<RescanRecord>();
    found.hit = hit_of(hit);
    found.time = time;
    return std::optional(std::move(found));
  });
}

Result<std::vector<HitRecord>> list_hits(Sessions& sessions, std::uint32_t count_max) {
  return sessions.with([&](soci::session& sql) -> Result<std::vector<HitRecord>> {
    HitRecord one;
    long long time = 0;
    long long count = count_max;
    soci::statement statement =
        (sql.prepare << "SELECT r.package, r.finding, r.verdict, r.time, p.content FROM rescans r JOIN "
                        "packages p ON p.id = r.package WHERE r.hit = 1 ORDER BY p.number LIMIT :count",
         into(one.rescan.package), into(one.rescan.finding), into(one.rescan.verdict), into(time),
         into(one.content), use(count));
    std::vector<HitRecord> found;
    statement.execute();
    while (statement.fetch()) {
      one.rescan.hit = Hit::malware;
      one.rescan.time = time;
      found.push_back(one);
    }
    for (auto& hit : found) hit.nodes = nodes_that_run(sql, hit.content);
    return found;
  });
}

}  // namespace sallyport::db
