// SPDX-License-Identifier: Apache-2.0
#include "roles/server/others.h"

#include "core/base/path.h"
#include "core/format/json_writer.h"
#include "core/format/server_metrics.h"
#include "roles/server/audit.h"
#include "roles/server/motions.h"
#include "roles/server/problem.h"
#include "roles/server/quota.h"

namespace sallyport::server {
namespace {

constexpr std::uint32_t audit_page = 1000;

std::optional<SyslogMetrics> syslog_metrics(const Live& live, Instant now) {
  if (!live.forwards) return std::nullopt;
  const std::uint64_t oldest = live.syslog_oldest;
  const auto at = static_cast<std::uint64_t>(now.seconds());
  return SyslogMetrics{{{"sent", live.syslog_sent}, {"failed", live.syslog_failed}},
                       live.syslog_waiting,
                       oldest == 0 || at < oldest ? 0 : at - oldest};
}

}  // namespace

// checkpoint and tile/…, as C2SP tlog-tiles names them; nothing else of the folder.
Handled get_log_file(World& world, const Call& call) {
  const auto path = RelativePath::parse(call.name("path"));
  const bool is_served =
      path.ok() && (path.value().text() == "checkpoint" || path.value().text().starts_with("tile/"));
  if (world.log == nullptr || !is_served) return WebBegun(answer_with(Trouble::not_found));
  const auto there = TRY(world.log->find(path.value().text()));
  if (!there || there->type != FileType::file) return WebBegun(answer_with(Trouble::not_found));
  auto opened = world.log->open(path.value().text());
  if (!opened.ok() && opened.error().code == Code::file_missing)
    return WebBegun(answer_with(Trouble::not_found));
  std::shared_ptr<const ByteSource> file = TRY(std::move(opened));
  const auto size = file->size();
  const bool is_final = path.value().text() != "checkpoint";
  WebAnswer answer{200,
                   {{"Content-Type", is_final ? "application/octet-stream" : "text/plain; charset=utf-8"},
                    {"Cache-Control", is_final ? "max-age=31536000, immutable" : "no-cache"}},
                   {},
                   WebFile{std::move(file), 0, size}};
  return WebBegun(std::move(answer));
}

Handled get_policy(World& world, const Call&) {
  return WebBegun(answer_json(200, world.policy_file));
}

Handled list_audit(World& world, const Call& call) {
  const auto after = number_after(call.target);
  if (!after) return WebBegun(answer_with(Trouble::request_malformed, "after: a number"));
  JsonWriter to;
  to.begin_object().key("events").begin_array();
  auto last = *after;
  for (const auto& record : TRY(world.db.list_audit(*after, audit_page))) {
    to.raw(TRY(print_audit(record)));
    last = record.number;
  }
  to.end_array().number("last", last).end_object();
  return WebBegun(answer_json(200, to.take()));
}

Handled get_versions(World&, const Call&) {
  JsonWriter to;
  to.begin_object().text("uriPrefix", "/vnfpkgm/v2").key("apiVersions").begin_array();
  to.begin_object().text("version", "2.0.0").key("isDeprecated").boolean(false).end_object();
  return WebBegun(answer_json(200, to.end_array().end_object().take()));
}

Handled is_alive(World&, const Call&) {
  return WebBegun(answer_json(200, R"({"status":"alive"})"));
}

Handled is_ready(World& world, const Call&) {
  const auto answers = world.db.ping();
  const auto space = world.data.space();
  if (!answers.ok() || !space.ok() || !can_record(world))
    return WebBegun(answer_with(Trouble::not_available));
  return WebBegun(answer_json(200, R"({"status":"ready"})"));
}

Handled get_metrics(World& world, const Call& call) {
  const auto counts = TRY(world.db.count());
  const auto& live = world.live;
  ServerMetrics metrics;
  metrics.packages = counts.packages;
  for (std::size_t i = 2; i < live.answers.size(); ++i)
    metrics.answers.emplace_back(std::to_string(i) + "xx", live.answers.at(i));
  metrics.intakes = {{"onboarded", live.onboarded}, {"refused", live.refused}, {"fault", live.faults}};
  metrics.notifications = {{"sent", live.sent}, {"failed", live.failed}, {"dropped", live.dropped}};
  metrics.rescans = {
      {"clean", live.rescans_clean}, {"found", live.rescans_found}, {"fault", live.rescans_failed}};
  metrics.turned_away = live.turned_away;
  metrics.subscriptions = counts.subscriptions;
  metrics.waiting = counts.notifications;
  metrics.events = counts.events;
  metrics.bytes_free = TRY(world.data.space()).bytes_free;
  metrics.seconds_left = live.expiry.seconds_left(call.now);
  for (const auto& usage : counts.usage) {
    const auto quota = quota_of(world, usage.account);
    metrics.accounts.push_back(
        {usage.account, usage.packages, usage.bytes, quota.packages_max, quota.bytes_max});
  }
  metrics.syslog = syslog_metrics(live, call.now);
  WebAnswer answer{200, {{"Content-Type", "text/plain; version=0.0.4"}}, print_server_metrics(metrics), {}};
  return WebBegun(std::move(answer));
}

}  // namespace sallyport::server
