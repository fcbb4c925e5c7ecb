// SPDX-License-Identifier: Apache-2.0
#include "roles/node/install.h"

#include <algorithm>

#include "core/base/library_fault.h"
#include "core/format/dsse.h"
#include "core/trust/foreign_verdict.h"
#include "core/trust/permit.h"
#include "roles/node/activate.h"
#include "roles/node/gate_terms.h"
#include "roles/node/ingest.h"
#include "roles/node/recall.h"

namespace sallyport::node {
namespace {

// Nothing where there is no proof, or nothing that it could be checked with; trust::permit says whether that will do.
Result<std::optional<Verified<Logged>>> logged_order(const InstallRequest& request, const Policy& policy,
                                                     Instant now, Checks& passed) {
  if (!policy.log) passed.push_back({"log", describe_log_rule(policy.log)});
  if (!policy.log || !request.proof) return std::optional<Verified<Logged>>();
  const auto entry = TRY(tlog::statement_entry(request.order));
  return std::optional(TRY(trust::logged(*request.proof, entry, policy, now, passed)));
}

Result<Permit> permitted(const Ports& ports, const Books& books, const Verified<Package>& package,
                         const InstallRequest& request, Checks& passed) {
  const auto& policy = books.policy();
  const auto without = TRY(recalled(ports.disk, books));
  TRY(without.check(package->digest, package->tree));
  if (!without.empty()) passed.push_back({"recalls", "none of its contents"});
  const auto verdict = TRY(trust::verdict(request.verdict, policy, ports.now, passed));
  const auto order = TRY(trust::order(request.order, policy, ports.now, passed));
  const auto logged = TRY(logged_order(request, policy, ports.now, passed));
  const auto facts = install::facts_of(books.state(), books.floors(), ports.architecture);
  auto permit = trust::permit(package, verdict, order, logged, facts, policy, ports.now);
  // Before the order is used up, and before anything is stopped: what cannot be started is not switched to.
  if (permit.ok() && !package->tree.services.empty()) TRY(admission(ports.disk, books));
  return permit;
}

install::Origin origin_of(const Permit& permit) {
  const auto& package = *permit.package();
  install::Origin origin{
      permit.order()->digest, permit.order()->order.sequence, permit.verdict()->digest, package.digest,
      package.release,        package.tree.product,           package.tree.version,     package.tree.counter};
  if (const auto& logged = permit.logged()) {
    const auto& checkpoint = (*logged)->proof.checkpoint.checkpoint;
    origin.log = install::LogSeen{checkpoint.origin, checkpoint.head};
  }
  return origin;
}

void add_checks(std::vector<Check>& checks, const Evidence& evidence) {
  checks.insert(checks.end(), evidence.checks.begin(), evidence.checks.end());
}

InstallReport report_of(const Permit& permit, const install::State& before, const install::Steps& steps) {
  const auto& package = *permit.package();
  const auto* open = before.unfinished();
  const bool finishing = open != nullptr && open->origin.order == permit.order()->digest;
  InstallReport report{finishing ? open->number : before.next_number(),
                       before.active,
                       package.digest,
                       package.release,
                       permit.order()->digest,
                       package.tree.product.text(),
                       package.tree.version,
                       package.tree.counter,
                       package.signers,
                       permit.order().evidence().policy_version,
                       {},
                       0,
                       0,
                       {},
                       {},
                       {},
                       {}};
  add_checks(report.checks, permit.package().evidence());
  add_checks(report.checks, permit.verdict().evidence());
  add_checks(report.checks, permit.order().evidence());
  if (permit.logged()) {
    add_checks(report.checks, permit.logged()->evidence());
  } else {
    report.checks.push_back({"log", describe_log_rule({})});
  }
  for (const auto& step : steps) report.steps.push_back(install::describe(step));
  return report;
}

// The lists of the policy by which this was permitted: none that is older counts from here on.
Result<void> note_lists(Books& books, Instant now) {
  for (const auto& [id, source] : books.policy().sources) {
    for (const auto& list : source.authority.lists) {
      const auto floor = books.floors().lists.find(list.series());
      if (floor == books.floors().lists.end() || floor->second < list.number())
        TRY(books.append({now, install::ListSeen{list.series(), list.number()}}));
    }
  }
  return {};
}

// What the node remembers of the papers before it burns the order: that it is a break-glass one, and how late it is
// at least.
Result<void> note_papers(Books& books, const Permit& permit, Instant now) {
  const auto& order = permit.order()->order;
  const auto& digest = permit.order()->digest;
  const bool noted = books.state().break_glass.contains(digest);
  if (order.kind == OrderKind::break_glass && !noted)
    TRY(books.append({now, install::BreakGlass{digest, order.reason}}));
  TRY(note_lists(books, now));
  auto latest = std::max(permit.verdict()->verdict.time, order.from);
  if (const auto& logged = permit.logged())
    latest = std::max(latest, (*logged)->proof.checkpoint.quorum_time.value_or(latest));
  if (books.floors().time && latest <= *books.floors().time) return {};
  return books.append({now, install::TimeSeen{latest}});
}

// The permit is spent here, whatever comes of it.
Result<InstallReport> spend(const Ports& ports, Books& books, Permit permit, const InstallRequest& request) {
  const auto& package = *permit.package();
  const auto copy = TRY(ports.disk.open(paths::private_copy));
  const Material material{*copy,
                          package,
                          {package.manifest_bytes, package.tree_bytes, request.verdict, request.order,
                           permit.logged() ? BytesView(*request.proof) : BytesView()}};
  const auto steps = install::plan_install(books.state(), origin_of(permit), ports.now);
  auto report = report_of(permit, books.state(), steps);
  TRY(note_papers(books, permit, ports.now));
  Executor executor(ports, books, &material);
  TRY(carry_out(ports, executor, steps, report.generation));
  if (executor.unpacked()) {
    report.files_written = executor.unpacked()->written.size();
    report.bytes_written = executor.unpacked()->bytes_written;
  }
  report.config = executor.configured();
  report.collected = executor.collected();
  report.collect_errors = executor.collect_errors();
  return report;
}

Result<Permit> ingest_and_permit(const Ports& ports, const Books& books, const InstallRequest& request,
                                 Account& account) {
  TRY(trust::refuse_foreign_verdict(request.verdict));
  ports.progress.begin("checking", request.package.size());
  const WatchedSource given(request.package, ports.progress);
  const auto package = TRY(ingest(ports.disk, given, books.policy(), ports.now, ports.workers, account));
  auto permit = attempt([&] { return permitted(ports, books, package, request, account.passed); });
  if (permit.ok()) return permit;
  (void)ports.disk.remove_tree(paths::incoming).ok();  // else the next command takes it away
  return permit;
}

// What would become of the operator's configuration; where the operator has to decide first, it is refused.
Result<std::vector<ConfigReport>> configured(const Ports& ports, const Books& books, const ByteSource& file,
                                             const Package& package, const install::Steps& steps) {
  for (const auto& step : steps) {
    const auto* carry = std::get_if<install::CarryConfig>(&step);
    if (carry == nullptr) continue;
    const auto old_tree = TRY(tree_before(ports.disk, books.state(), carry->from));
    return preview_config(ports.disk, file, package, carry->from, old_tree ? &*old_tree : nullptr);
  }
  return std::vector<ConfigReport>();
}

// A clock that is behind what signed statements say is not believed, by no check.
Ports at_floor(const Ports& ports, const Books& books) {
  Ports later = ports;
  later.now = install::not_before_floor(ports.now, books.floors());
  return later;
}

}  // namespace

Result<InstallReport> install(const Ports& clock, const InstallRequest& request, Account& account) {
  const auto envelope = parse_envelope(request.order);
  if (envelope.ok()) account.order = sha256(envelope.value().payload);
  const auto lock = TRY(clock.disk.lock(paths::lock));
  auto books = TRY(Books::open(clock.disk));
  const Ports ports = at_floor(clock, books);
  account.policy_version = books.policy().version;
  std::vector<Error> restart_errors;
  TRY(settle(ports, books, restart_errors).within("putting the node in order"));
  auto permit = ingest_and_permit(ports, books, request, account);
  if (!permit.ok()) {
    Error error = permit.take_error();
    if (error.effect.empty()) error.effect = "nothing changed";
    return error;
  }
  return spend(ports, books, std::move(permit).value(), request);
}

Result<InstallReport> preview_install(const Ports& clock, const InstallRequest& request) {
  const auto books = TRY(Books::open(clock.disk));
  const Ports ports = at_floor(clock, books);
  TRY(trust::refuse_foreign_verdict(request.verdict));
  const auto package = TRY(trust::package(request.package, books.policy(), ports.now, ports.workers));
  Checks passed;
  const auto permit = TRY(permitted(ports, books, package, request, passed));
  const auto steps = install::plan_install(books.state(), origin_of(permit), ports.now);
  auto report = report_of(permit, books.state(), steps);
  report.config = TRY(configured(ports, books, request.package, *package, steps));
  return report;
}

}  // namespace sallyport::node
