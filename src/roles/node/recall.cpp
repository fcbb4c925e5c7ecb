// SPDX-License-Identifier: Apache-2.0
#include "roles/node/recall.h"

#include <algorithm>
#include <utility>

#include "core/format/dsse.h"
#include "core/trust/recall.h"
#include "roles/node/gate_terms.h"
#include "roles/node/papers.h"
#include "roles/node/trust_changes.h"

namespace sallyport::node {
namespace {

// Its time becomes the node's floor: no further ahead than clocks of two machines differ.
constexpr std::int64_t clock_skew_seconds_max = 300;

std::string path_of(const Sha256Digest& identity) {
  return std::string(paths::recalls) + "/" + identity.text() + ".dsse";
}

Error content_recalled(std::string where, const std::string& why) {
  return {Code::content_recalled, std::move(where), "no content that was recalled", why};
}

Result<Recall> read_recall(Disk& disk, const Books& books, const install::TakenRecall& taken) {
  const auto path = path_of(taken.identity);
  const auto bytes = disk.read_small(path, envelope_size_max);
  const bool missing = !bytes.ok() && bytes.error().code == Code::file_missing;
  if (!bytes.ok() && !missing && kind_of(bytes.error().code) == Kind::fault) return bytes.error();
  const Error damaged(Code::trust_file_damaged, path, "the recall that was taken in", "none, or another");
  if (!bytes.ok()) return damaged;
  const auto policy = TRY(books.policy_of(taken.policy));
  const auto proof = trust::recall(bytes.value(), policy, taken.at);
  if (!proof.ok() && kind_of(proof.error().code) == Kind::fault) return proof.error();
  if (!proof.ok() || proof.value()->digest != taken.identity) return damaged;
  return proof.value()->recall;
}

Result<RecallReport::Effect> effect_of(Disk& disk, const Books& books, const Sha256Digest& identity) {
  using Effect = RecallReport::Effect;
  for (const auto& taken : books.state().recalls) {
    if (taken.identity != identity) continue;
    const auto kept = read_recall(disk, books, taken);
    if (kept.ok()) return Effect::known;
    if (kept.error().code == Code::trust_file_damaged) return Effect::mended;
    return kept.error();
  }
  return Effect::taken;
}

// A tree that cannot be read is told by its own verification: it is not started either.
void add_affected(Disk& disk, const install::State& state, const Recall& recall, RecallReport& report) {
  // Where an activation was cut short, services of the one before or of the next may run.
  const auto running = generations_to_run(state);
  Recalled recalled;
  recalled.add(recall);
  for (const auto& [number, generation] : state.generations) {
    if (!install::is_kept(generation)) continue;
    const auto tree = tree_of(disk, generation);
    if (!tree.ok()) continue;
    auto found = recalled.findings(generation.origin.package, tree.value(), 1);
    if (found.empty()) continue;
    report.generations.push_back(number);
    if (std::ranges::find(running, number) == running.end()) continue;
    if (!report.alarm) report.alarm = std::move(found.front());
    for (const auto& service : tree.value().services) {
      auto name = service.name.text();
      if (std::ranges::find(report.services, name) == report.services.end())
        report.services.push_back(std::move(name));
    }
  }
}

Result<RecallReport> report_of(Disk& disk, const Books& books, const Verified<ApprovedRecall>& proof) {
  const auto& recall = proof->recall;
  const auto& pool = books.state().identity.pool;
  if (recall.pool != pool)
    return Error(Code::order_other_pool, "recall.pool", pool.text(), recall.pool.text());
  const auto effect = TRY(effect_of(disk, books, proof->digest));
  RecallReport report{recall, proof->digest, proof.evidence().checks, {}, {}, {}, effect};
  add_affected(disk, books.state(), recall, report);
  return report;
}

// A copy that was damaged, or lost, is the one that is given, if that is it.
Result<void> write_again(Disk& disk, const Books& books, const Sha256Digest& identity, BytesView envelope) {
  TRY(disk.replace_file(path_of(identity), envelope, 0600));
  if (TRY(effect_of(disk, books, identity)) == RecallReport::Effect::known) return {};
  return Error(Code::trust_file_damaged, path_of(identity), "the recall that was taken in", "another");
}

const install::TakenRecall* taken_before(const Books& books, BytesView envelope) {
  const auto parsed = parse_envelope(envelope);
  if (!parsed.ok()) return nullptr;
  const auto identity = sha256(parsed.value().payload);
  const auto& all = books.state().recalls;
  const auto found = std::ranges::find_if(
      all, [&](const install::TakenRecall& taken) { return taken.identity == identity; });
  return found == all.end() ? nullptr : &*found;
}

// What the node has is proved as it was when it came in: by the policy of then, which may know persons that are gone
// since, and without the log. Else a copy that was damaged could not be mended, and nothing would start any more.
Result<Verified<ApprovedRecall>> prove(const Ports& ports, const Books& books, BytesView envelope,
                                       const std::optional<Bytes>& proof) {
  const auto now = install::not_before_floor(ports.now, books.floors());
  const auto* const taken = taken_before(books, envelope);
  if (taken == nullptr) return trust::logged_recall(envelope, proof, books.policy(), now);
  const auto policy = TRY(books.policy_of(taken->policy));
  auto then = trust::recall(envelope, policy, taken->at);
  return then.ok() ? then : trust::recall(envelope, books.policy(), now);
}

}  // namespace

void Recalled::add(const Recall& recall) {
  const auto why =
      "recall " + std::to_string(recall.sequence) + " of " + recall.time.print() + ": " + recall.reason;
  for (const auto& content : recall.contents) contents_.try_emplace(content.digest, why);
  for (const auto& package : recall.packages) packages_.try_emplace(package.digest, why);
}

std::vector<Error> Recalled::findings(const Sha256Digest& package, const Tree& tree,
                                      std::size_t count_max) const {
  std::vector<Error> found;
  if (const auto why = packages_.find(package); why != packages_.end())
    found.push_back(content_recalled("package " + package.brief(), why->second));
  for (const auto& entry : tree.entries) {
    if (found.size() >= count_max) break;
    if (!entry.digest) continue;
    const auto why = contents_.find(*entry.digest);
    if (why != contents_.end()) found.push_back(content_recalled(entry.path.text(), why->second));
  }
  return found;
}

Result<void> Recalled::check(const Sha256Digest& package, const Tree& tree) const {
  auto found = findings(package, tree, 1);
  if (found.empty()) return {};
  return std::move(found.front());
}

Result<Recalled> recalled(Disk& disk, const Books& books) {
  Recalled all;
  for (const auto& taken : books.state().recalls) all.add(TRY(read_recall(disk, books, taken)));
  return all;
}

Result<RecallReport> preview_recall(const Ports& ports, BytesView envelope,
                                    const std::optional<Bytes>& proof) {
  const auto books = TRY(Books::open(ports.disk));
  return report_of(ports.disk, books, TRY(prove(ports, books, envelope, proof)));
}

Result<RecallReport> take_recall(const Ports& ports, BytesView envelope, const std::optional<Bytes>& proof) {
  const auto lock = TRY(ports.disk.lock(paths::lock));
  auto books = TRY(Books::open(ports.disk));
  const auto approved = TRY(prove(ports, books, envelope, proof));
  auto report = TRY(report_of(ports.disk, books, approved));
  if (report.effect == RecallReport::Effect::known) return report;
  if (report.effect == RecallReport::Effect::mended) {
    TRY(write_again(ports.disk, books, report.identity, envelope));
    return report;
  }
  const auto now = install::not_before_floor(ports.now, books.floors());
  if (report.recall.time > now.plus(clock_skew_seconds_max))
    return Error(Code::order_not_yet_valid, "recall.time", "not after " + now.print(),
                 report.recall.time.print());
  TRY(books.mend());
  TRY(ports.disk.ensure_folder(paths::recalls));
  TRY(ports.disk.sync_folder(""));
  TRY(ports.disk.replace_file(path_of(report.identity), envelope, 0600));
  // From here on it is the node's: a gate that runs sees the journal grow, and takes the contents out.
  TRY(books.append({now, install::RecallTaken{report.recall.sequence, report.identity}}));
  TRY(note_time(books, report.recall.time, ports));
  return report;
}

}  // namespace sallyport::node
