// SPDX-License-Identifier: Apache-2.0
#include "roles/node/baseline.h"

#include <algorithm>

#include "core/format/dsse.h"
#include "core/gate/decide.h"
#include "core/trust/baseline.h"
#include "roles/node/trust_changes.h"

namespace sallyport::node {
namespace {

std::string path_of(const Sha256Digest& identity) {
  return std::string(paths::baselines) + "/" + identity.text() + ".dsse";
}

Result<void> check_is_for(const HostBaseline& baseline, const install::Initialised& node) {
  if (baseline.pool != node.pool)
    return Error(Code::baseline_other_node, "baseline.pool", node.pool.text(), baseline.pool.text());
  if (std::ranges::find(baseline.nodes, node.node) != baseline.nodes.end()) return {};
  return Error(Code::baseline_other_node, "baseline.nodes", node.node.text(), "others");
}

Result<BaselineReport> report_of(const Books& books, const Verified<SignedBaseline>& proof) {
  const auto& baseline = proof->baseline;
  TRY(check_is_for(baseline, books.state().identity));
  const auto& taken = books.state().baseline;
  const bool known = taken && taken->identity == proof->identity;
  const auto floor = books.floors().baseline;
  if (!known && baseline.number <= floor)
    return Error(Code::baseline_rollback, "baseline.number", std::to_string(floor + 1) + " or higher",
                 std::to_string(baseline.number));
  using Effect = BaselineReport::Effect;
  return BaselineReport{baseline.number,
                        proof->identity,
                        count_files(baseline),
                        baseline.changed.size(),
                        baseline.unowned.size(),
                        proof.evidence().checks,
                        known ? Effect::known : Effect::taken};
}

Result<Verified<SignedBaseline>> prove(const Ports& ports, const Books& books, BytesView envelope) {
  return trust::baseline(books.policy(), envelope, install::not_before_floor(ports.now, books.floors()));
}

void add(const std::vector<BaselineFile>& files, std::vector<ListedFile>& contents) {
  for (const auto& file : files) {
    ListedFile content{file.size, {}};
    std::ranges::copy(file.digest.bytes(), content.digest.begin());
    contents.push_back(content);
  }
}

}  // namespace

Result<BaselineReport> preview_baseline(const Ports& ports, BytesView envelope) {
  const auto books = TRY(Books::open(ports.disk));
  return report_of(books, TRY(prove(ports, books, envelope)));
}

Result<BaselineReport> take_baseline(const Ports& ports, BytesView envelope) {
  const auto lock = TRY(ports.disk.lock(paths::lock));
  auto books = TRY(Books::open(ports.disk));
  const auto proof = TRY(prove(ports, books, envelope));
  auto report = TRY(report_of(books, proof));
  if (report.effect == BaselineReport::Effect::known) return report;
  TRY(books.mend());
  TRY(ports.disk.ensure_folder(paths::baselines));
  TRY(ports.disk.sync_folder(""));
  TRY(ports.disk.replace_file(path_of(report.identity), envelope, 0600));
  // From here on it is the node's.
  const auto now = install::not_before_floor(ports.now, books.floors());
  TRY(books.append({now, install::BaselineTaken{report.number, report.identity}}));
  TRY(note_time(books, proof->baseline.time, ports));
  return report;
}

Result<std::optional<HostBaseline>> baseline_in_force(Disk& disk, const Books& books) {
  const auto& taken = books.state().baseline;
  if (!taken) return std::optional<HostBaseline>();
  const auto path = path_of(taken->identity);
  const auto bytes = disk.read_small(path, envelope_size_max);
  const bool missing = !bytes.ok() && bytes.error().code == Code::file_missing;
  if (!bytes.ok() && !missing && kind_of(bytes.error().code) == Kind::fault) return bytes.error();
  const Error damaged(Code::trust_file_damaged, path, "the baseline that was taken in", "none, or another");
  if (!bytes.ok()) return damaged;
  const auto policy = TRY(books.policy_of(taken->policy));
  const auto proof = trust::baseline(policy, bytes.value(), taken->at);
  if (!proof.ok() && kind_of(proof.error().code) == Kind::fault) return proof.error();
  if (!proof.ok() || proof.value()->identity != taken->identity) return damaged;
  return std::optional(proof.value()->baseline);
}

std::vector<ListedFile> contents_of(const HostBaseline& baseline) {
  std::vector<ListedFile> contents;
  for (const auto& package : baseline.packages) add(package.files, contents);
  for (const auto& changed : baseline.changed) add({changed.file}, contents);
  add(baseline.unowned, contents);
  return gate::sorted(std::move(contents));
}

}  // namespace sallyport::node
