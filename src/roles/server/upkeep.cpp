// SPDX-License-Identifier: Apache-2.0
#include "roles/server/upkeep.h"

#include "roles/server/audit.h"
#include "roles/server/content.h"

namespace sallyport::server {
namespace {

constexpr std::int64_t day_seconds = 86400;
constexpr std::uint32_t batch_size = 200;

std::string words_of(const UsedCertificate& certificate, std::int64_t days) {
  const auto until = certificate.until.print();
  if (days == 0) return "expired at " + until;
  return "expires at " + until + ", in " +
         (days == 1 ? "less than a day" : "less than " + std::to_string(days) + " days");
}

std::optional<Instant> before(const std::optional<std::uint32_t>& days, Instant now) {
  if (!days) return std::nullopt;
  return now.plus(-day_seconds * *days);
}

// Its content goes after its row: what is left then is swept away.
Result<std::uint64_t> remove_failed(World& world, Instant before) {
  std::uint64_t removed = 0;
  std::uint64_t after = 0;
  while (true) {
    const auto batch = TRY(world.db.list_packages(after, batch_size));
    for (const auto& package : batch) {
      after = package.number;
      if (package.state != Onboarding::error || package.created >= before.seconds()) continue;
      if (TRY(world.db.remove_package(package)) == Changed::not_found) continue;
      ++removed;
      if (package.content.empty()) continue;
      const auto gone = world.data.remove(content_path(package));
      if (!gone.ok() && gone.error().code != Code::file_missing) return gone.error();
    }
    if (batch.size() < batch_size) return removed;
  }
}

}  // namespace

Result<void> tell_expiring(World& world) {
  const auto now = world.clock.now();
  for (const auto& certificate : world.live.expiry.all()) {
    const auto days = days_due(certificate.until, now);
    if (!days) continue;
    const auto what = "certificate " + certificate.digest.text() + " " + std::to_string(*days);
    if (world.live.expiry.tell(what) == Expiry::Before::already) continue;
    if (TRY(world.db.tell_once(what, now)) == Changed::not_found) continue;
    auto event = own_event(world, "CERTIFICATE", "fault", words_of(certificate, *days));
    event.object = certificate.which;
    TRY(record(world, event));
  }
  return {};
}

Result<Removed> remove_old(World& world, const Retention& retention) {
  const auto now = world.clock.now();
  Removed removed;
  if (const auto at = before(retention.audit_days, now)) removed.audit = TRY(world.db.remove_audit(*at));
  if (const auto at = before(retention.failed_packages_days, now))
    removed.packages = TRY(remove_failed(world, *at));
  if (const auto at = before(retention.reports_days, now))
    removed.reports = TRY(world.db.remove_reports(*at));
  if (removed.audit + removed.packages + removed.reports == 0) return removed;
  TRY(record(world, own_event(world, "RETENTION", "success",
                              std::to_string(removed.audit) + " security events, " +
                                  std::to_string(removed.packages) + " failed packages, " +
                                  std::to_string(removed.reports) + " reports of nodes")));
  return removed;
}

}  // namespace sallyport::server
