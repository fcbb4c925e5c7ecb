// SPDX-License-Identifier: Apache-2.0
#include "roles/node/trust_changes.h"

#include <algorithm>

#include "core/crypto/cms_chain.h"
#include "core/trust/stop.h"
#include "roles/node/execute.h"

namespace sallyport::node {
namespace {

constexpr std::int64_t clock_difference_max = 300;  // seconds

PolicyReport report_of(const Books& books, const Verified<PolicyChange>& change) {
  PolicyReport report{
      books.policy().version, change->next.version, change->next.digest, change.evidence().checks, {}};
  const auto& identity = books.state().identity;
  report.left_out = left_out(change->next, identity.pool, identity.node);
  if (report.left_out)
    report.checks.push_back({"this node", "LEFT OUT: " + std::string(name(report.left_out->code)) + " " +
                                              report.left_out->found + "; it takes no orders"});
  return report;
}

StopReport::Effect effect_of(const install::State& state, const Sha256Digest& order) {
  using Effect = StopReport::Effect;
  if (state.stopped.contains(order)) return Effect::known;
  const auto* open = state.unfinished();
  if (open != nullptr && open->origin.order == order) return Effect::interrupted;
  for (const auto& [number, generation] : state.generations) {
    if (generation.origin.order == order) return Effect::was_used;
  }
  return Effect::stopped;
}

// Whoever issues certificates below an anchor of the policy has the say about those that it issued.
Result<Certificate> issuer_among(const std::vector<Certificate>& issuers, const RevocationList& list,
                                 const Policy& policy) {
  std::vector<Certificate> anchors;
  for (const auto& [id, source] : policy.sources) {
    for (const auto* const some : {&source.authority.anchors, &source.authority.time_stamp_anchors})
      anchors.insert(anchors.end(), some->begin(), some->end());
  }
  for (const auto& issuer : issuers) {
    if (list.of(issuer) != RevocationList::Of::this_authority) continue;
    TRY(find_chain(issuer, issuers, anchors, ChainUse::authority, list.issued()));
    TRY(list.verify(issuer));
    return issuer;
  }
  return Error(Code::signer_unknown, "revocation list",
               "an authority of the policy, or one whose certificates are given with --issuer",
               list.issuer());
}

Result<Certificate> issuer_of(const RevocationList& list, const std::vector<Certificate>& issuers,
                              const Policy& policy) {
  for (const auto& [id, source] : policy.sources) {
    for (const auto* const anchors : {&source.authority.anchors, &source.authority.time_stamp_anchors}) {
      for (const auto& anchor : *anchors) {
        if (list.of(anchor) != RevocationList::Of::this_authority) continue;
        TRY(list.verify(anchor));
        return anchor;
      }
    }
  }
  return issuer_among(issuers, list, policy);
}

}  // namespace

// A clock elsewhere may run ahead; it does not move the node's floor far beyond the node's clock, nor in many steps.
Result<void> note_time(Books& books, Instant time, const Ports& ports) {
  const bool later = !books.floors().time || time > *books.floors().time;
  if (!later || time > ports.now.plus(clock_difference_max)) return {};
  return books.append({install::not_before_floor(ports.now, books.floors()), install::TimeSeen{time}});
}

Result<PolicyReport> change_policy(const Ports& ports, BytesView envelope) {
  const auto lock = TRY(ports.disk.lock(paths::lock));
  auto books = TRY(Books::open(ports.disk));
  std::vector<Error> restart_errors;
  TRY(settle(ports, books, restart_errors).within("putting the node in order"));
  const auto now = install::not_before_floor(ports.now, books.floors());
  const auto change = TRY(trust::policy_change(books.policy(), envelope, now));
  auto report = report_of(books, change);
  TRY(books.change_policy(change->next, change->bytes, {{".dsse", envelope}}, now));
  return report;
}

Result<PolicyReport> preview_policy(const Ports& ports, BytesView envelope) {
  const auto books = TRY(Books::open(ports.disk));
  const auto now = install::not_before_floor(ports.now, books.floors());
  return report_of(books, TRY(trust::policy_change(books.policy(), envelope, now)));
}

Result<StopReport> look_at_stop(const Ports& ports, const Books& books, BytesView envelope) {
  const auto now = install::not_before_floor(ports.now, books.floors());
  const auto stop = TRY(trust::stop(envelope, books.policy(), now));
  // Who may stop the orders of one pool has no say in those of another.
  const auto& pool = books.state().identity.pool;
  if (stop->pool != pool) return Error(Code::order_other_pool, "stop.pool", pool.text(), stop->pool.text());
  return StopReport{*stop, effect_of(books.state(), stop->order)};
}

Result<StopReport> take_stop(const Ports& ports, BytesView envelope) {
  const auto lock = TRY(ports.disk.lock(paths::lock));
  auto books = TRY(Books::open(ports.disk));
  auto report = TRY(look_at_stop(ports, books, envelope));
  if (report.effect == StopReport::Effect::known) return report;
  TRY(books.mend());
  const auto now = install::not_before_floor(ports.now, books.floors());
  TRY(books.append({now, install::OrderStopped{report.stop.order}}));
  TRY(note_time(books, report.stop.time, ports));
  return report;
}

Result<ListReport> look_at_list(const Books& books, BytesView file, const std::vector<Certificate>& issuers) {
  const auto list = TRY(RevocationList::from_file(file));
  const auto issuer = TRY(issuer_of(list, issuers, books.policy()));
  const auto floor = books.floors().lists.find(list.series());
  const bool is_older = floor != books.floors().lists.end() && list.number() < floor->second;
  if (is_older)
    return Error(Code::crl_rollback, "list of " + issuer.subject(),
                 "number " + floor->second.text() + " or later", "number " + list.number().text());
  const bool is_kept = std::ranges::any_of(books.policy().delivered_lists, [&](const RevocationList& kept) {
    return std::ranges::equal(kept.der(), list.der());
  });
  const bool is_known = is_kept && floor != books.floors().lists.end();
  return ListReport{issuer.subject(), list.number().text(),
                    list.issued(),    list.next(),
                    list.size(),      is_known ? ListReport::Effect::known : ListReport::Effect::kept};
}

Result<ListReport> take_list(const Ports& ports, BytesView file, const std::vector<Certificate>& issuers) {
  const auto lock = TRY(ports.disk.lock(paths::lock));
  auto books = TRY(Books::open(ports.disk));
  auto report = TRY(look_at_list(books, file, issuers));
  if (report.effect == ListReport::Effect::known) return report;
  const auto list = TRY(RevocationList::from_file(file));
  TRY(books.mend());
  TRY(books.keep_list(list, install::not_before_floor(ports.now, books.floors())));
  TRY(note_time(books, list.issued(), ports));
  return report;
}

}  // namespace sallyport::node
