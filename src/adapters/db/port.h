// SPDX-License-Identifier: Apache-2.0
// What the operator's server remembers. Nothing of it is trusted by anybody: verdicts, orders and reports are signed
// texts, and whoever acts on them verifies them. docs/spec/server.md.
//
// Each call is one step that happens as a whole or not at all, and is durable when it returns. Several servers may work
// on the same database. A database that does not answer is a fault (io_failed, where: "database").
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "adapters/db/records.h"
#include "core/base/time.h"

namespace sallyport {

// Whether the row was what the caller took it for.
enum class Changed : std::uint8_t { done, not_found };

// Nobody holds a package for longer. Who seems to had a clock that was wrong: it counts as held by nobody.
constexpr std::int64_t package_hold_seconds_max = 3600;

class Database {
 public:
  virtual ~Database() = default;

  virtual Result<void> add_package(const PackageRecord& package) = 0;
  virtual Result<std::optional<PackageRecord>> find_package(const std::string& id) = 0;
  // Those with higher numbers than `after`, in order.
  virtual Result<std::vector<PackageRecord>> list_packages(std::uint64_t after, std::uint32_t count_max) = 0;
  // Those on-boarded whose release this is, in order; at most 100.
  virtual Result<std::vector<PackageRecord>> list_release(const std::string& release) = 0;
  // All but number, id, owner and created; not_found unless the row is of this revision, which goes up by one. What
  // happens with it is an event.
  virtual Result<Changed> change_package(const PackageRecord& package, Happened what) = 0;
  // The same of operational and user_data alone: whoever holds the package goes on holding it.
  virtual Result<Changed> modify_package(const PackageRecord& package, Happened what) = 0;
  // As it was when it was read. Of one that was on-boarded an event is left.
  virtual Result<Changed> remove_package(const PackageRecord& package) = 0;
  // What is in a package, a text (core/format/package_members.h); empty: not known.
  virtual Result<void> set_members(const std::string& id, const std::string& members) = 0;
  virtual Result<std::string> find_members(const std::string& id) = 0;

  // Work that one server does and nobody beside it. The oldest package in PROCESSING that nobody holds at `now` is held
  // until `until`; absent: there is none. Those that nobody has held yet come first, then those that are free for the
  // longest time: what fails again and again keeps nobody else waiting.
  virtual Result<std::optional<PackageRecord>> claim_package(const std::string& holder, Instant now,
                                                             Instant until) = 0;
  // The same of those in UPLOADING that have a source.
  virtual Result<std::optional<PackageRecord>> claim_fetch(const std::string& holder, Instant now,
                                                           Instant until) = 0;
  // not_found: somebody else holds it by now.
  virtual Result<Changed> keep_claim(const std::string& id, const std::string& holder, Instant until) = 0;
  // What came of the work, by the holder, whatever else was changed meanwhile: all but user_data and source, which
  // ends. The claim ends, too.
  // That it is on-boarded is an event.
  virtual Result<Changed> finish_claim(const PackageRecord& package, const std::string& holder) = 0;

  // Looking again at what is on-boarded. How much was known when a package was looked at is a number that goes up.
  virtual Result<void> set_knowledge(const std::string& id, std::uint64_t knowledge) = 0;
  // One of which less was known than `knowledge`, and that nobody looks at, is held until `until`; absent: there is
  // none.
  virtual Result<std::optional<PackageRecord>> claim_rescan(const std::string& holder,
                                                            std::uint64_t knowledge, Instant now,
                                                            Instant until) = 0;
  // Ends the claim. not_found: somebody else holds it by now.
  virtual Result<Changed> finish_rescan(const RescanRecord& found, const std::string& holder,
                                        std::uint64_t knowledge) = 0;
  virtual Result<std::optional<RescanRecord>> find_rescan(const std::string& id) = 0;  // the last that ended
  virtual Result<std::vector<HitRecord>> list_hits(std::uint32_t count_max) = 0;

  // not_found: there is one of this digest.
  virtual Result<Changed> add_order(const OrderRecord& order) = 0;
  virtual Result<std::optional<OrderRecord>> find_order(const std::string& digest) = 0;
  virtual Result<std::vector<OrderRecord>> list_orders(std::uint64_t after, std::uint32_t count_max) = 0;
  // Digests of the packages that orders name whose window is not over at `now`, and of those that nodes report to run;
  // each once.
  virtual Result<std::vector<std::string>> list_used_packages(Instant now) = 0;
  // not_found: another one has this position, so that each is decided on with all that are there before it.
  virtual Result<Changed> add_signature(const SignatureRecord& signature) = 0;
  virtual Result<std::vector<SignatureRecord>> list_signatures(const std::string& order) = 0;

  // The newest one of each node is kept. not_found: the one that is there was made later.
  virtual Result<Changed> put_report(const ReportRecord& report) = 0;
  // Both without `packages`; the list by node, from the first one behind `after`.
  virtual Result<std::optional<ReportRecord>> find_report(const std::string& node) = 0;
  virtual Result<std::vector<ReportRecord>> list_reports(const std::string& after,
                                                         std::uint32_t count_max) = 0;
  virtual Result<std::uint64_t> remove_reports(Instant before) = 0;  // brought before that; how many

  // Their signatures are kept as those of orders are. not_found: there is one of this digest.
  virtual Result<Changed> add_recall(const RecallRecord& recall) = 0;
  virtual Result<std::optional<RecallRecord>> find_recall(const std::string& digest) = 0;
  virtual Result<std::vector<RecallRecord>> list_recalls(std::uint64_t after, std::uint32_t count_max) = 0;

  // As recalls.
  virtual Result<Changed> add_exception(const ExceptionRecord& exception) = 0;
  virtual Result<std::optional<ExceptionRecord>> find_exception(const std::string& digest) = 0;
  virtual Result<std::vector<ExceptionRecord>> list_exceptions(std::uint64_t after,
                                                               std::uint32_t count_max) = 0;
  // The same without those whose end was before `ended`.
  virtual Result<std::vector<ExceptionRecord>> list_exceptions_since(Instant ended, std::uint64_t after,
                                                                     std::uint32_t count_max) = 0;

  // not_found: the account has `count_max` of them.
  virtual Result<Changed> add_subscription(const SubscriptionRecord& subscription,
                                           std::uint32_t count_max) = 0;
  virtual Result<std::optional<SubscriptionRecord>> find_subscription(const std::string& id) = 0;
  virtual Result<std::vector<SubscriptionRecord>> list_subscriptions(std::uint64_t after,
                                                                     std::uint32_t count_max) = 0;
  virtual Result<Changed> remove_subscription(const std::string& id) = 0;  // with what waits to be sent

  virtual Result<std::optional<EventRecord>> oldest_event() = 0;
  // The event ends, and these wait to be sent in its place, but for those of a subscription that is gone or has as many
  // as may wait. How many are left out; absent: somebody else has ended the event.
  virtual Result<std::optional<std::uint32_t>> end_event(std::uint64_t number,
                                                         const std::vector<NotificationRecord>& all,
                                                         std::uint32_t waiting_max) = 0;
  // One for whom something waits, and whose time has come at `now`, is held until `until`; absent: there is none.
  virtual Result<std::optional<SubscriptionRecord>> claim_subscription(const std::string& holder, Instant now,
                                                                       Instant until) = 0;
  virtual Result<std::optional<NotificationRecord>> oldest_notification(const std::string& subscription) = 0;
  virtual Result<void> remove_notification(std::uint64_t number) = 0;
  // The claim ends; `failures` and `retry_at` are what they are from now on. not_found: somebody else holds it.
  virtual Result<Changed> release_subscription(const SubscriptionRecord& subscription,
                                               const std::string& holder) = 0;

  virtual Result<Counts> count() = 0;

  virtual Result<void> add_audit(const AuditRecord& record) = 0;
  virtual Result<std::vector<AuditRecord>> list_audit(std::uint64_t after, std::uint32_t count_max) = 0;

  virtual Result<std::uint64_t> remove_audit(Instant before) = 0;  // events from before that; how many
  // For what is to be said once, by whichever server: done for the first that asks, not_found for all others.
  virtual Result<Changed> tell_once(const std::string& what, Instant now) = 0;

  virtual Result<void> ping() = 0;
};

}  // namespace sallyport
