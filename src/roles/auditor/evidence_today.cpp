// SPDX-License-Identifier: Apache-2.0
#include "roles/auditor/evidence_today.h"

#include <algorithm>
#include <array>

#include "core/format/dsse.h"
#include "core/format/json.h"
#include "core/tlog/entry.h"
#include "core/tlog/proof.h"
#include "core/trust/logged.h"
#include "core/trust/order.h"
#include "core/trust/package.h"
#include "core/trust/vendor_signature.h"
#include "core/trust/verdict.h"
#include "roles/auditor/evidence_revocation.h"

namespace sallyport::auditor {
namespace {

constexpr std::array with_time = {
    Code::certificate_expired, Code::certificate_not_yet_valid, Code::certificate_revoked,
    Code::revocation_unknown,  Code::revocation_stale,          Code::algorithm_ended,
    Code::verdict_stale,       Code::verdict_not_yet_issued,    Code::time_stamp_not_yet_issued,
    Code::content_recalled,    Code::scan_exception_invalid,    Code::checkpoint_too_old};

constexpr std::uint64_t answer_size_max = 8U << 20U;

constexpr std::size_t detail_size_max = 4096;  // a record's text has to be read again

std::string reason_of(const Error& error) {
  const auto detail = error.where + ": " + error.expected + " is expected, and found is " + error.found;
  return "refused today before that, untampered: " + std::string(name(error.code)) +
         (detail.size() <= detail_size_max ? ": " + detail : "");
}

// Nothing where it is good, or refused for what no day explains.
template <class T>
Result<std::optional<Obstacle>> obstacle_of(const Result<T>& judged, Stage stage) {
  if (judged.ok()) return std::optional<Obstacle>();
  const auto& error = judged.error();
  if (kind_of(error.code) == Kind::fault) return error;
  if (!comes_with_time(error.code)) return std::optional<Obstacle>();
  return std::optional(Obstacle{stage, reason_of(error)});
}

Result<std::optional<Obstacle>> of_package(Disk& node, const KeptGeneration& kept, const Terms& terms) {
  const auto package = TRY(node.open(kept.folder + "/package.csar"));
  const auto manifest = manifest_of(*package);
  if (!manifest.ok()) return std::optional<Obstacle>();
  Checks passed;
  const auto signer =
      trust::verify_manifest(manifest.value(), terms.policy, terms.now, Occasion::admission, passed);
  auto obstacle = TRY(obstacle_of(signer, Stage::signer));
  if (obstacle) return obstacle;
  return obstacle_of(trust::PackageCheck::begin(*package, terms.policy, terms.now, passed), Stage::build);
}

Result<std::optional<Obstacle>> of_statements(Disk& node, const KeptGeneration& kept, const Terms& terms) {
  const auto verdict = TRY(node.read_small(kept.folder + "/verdict.dsse", envelope_size_max));
  auto obstacle = TRY(obstacle_of(trust::verdict(verdict, terms.policy, terms.now), Stage::verdict));
  if (obstacle) return obstacle;
  const auto order = TRY(node.read_small(kept.folder + "/order.dsse", envelope_size_max));
  obstacle = TRY(obstacle_of(trust::order(order, terms.policy, terms.now), Stage::order));
  const auto proof_path = kept.folder + "/order.dsse.proof";
  if (obstacle || !terms.policy.log || !TRY(node.find(proof_path))) return obstacle;
  const auto entry = tlog::statement_entry(order);
  if (!entry.ok()) return obstacle;
  const auto proof = TRY(node.read_small(proof_path, tlog::proof_size_max));
  Checks passed;
  return obstacle_of(trust::logged(proof, entry.value(), terms.policy, terms.now, passed), Stage::log);
}

Result<Policy> policy_in_force(Disk& node) {
  const auto bytes = TRY(node.read_small("policy.json", policy_size_max));
  return parse_policy(bytes);
}

Result<Instant> read_floor(const std::string& answer) {
  const auto document = TRY(JsonDocument::parse(as_bytes(answer), answer_size_max, Code::json_malformed));
  auto top = TRY(document.object());
  auto result = TRY(top.object("result"));
  auto floors = TRY(result.object("floors"));
  return Instant::parse(TRY(floors.text("time", 64)));
}

}  // namespace

bool comes_with_time(Code code) {
  return std::ranges::find(with_time, code) != with_time.end();
}

Result<Terms> terms_of_node(CaseWorld& world) {
  auto policy = TRY(policy_in_force(world.ports.node));
  policy.delivered_lists = TRY(lists_of_node(world.ports.node));
  const auto status =
      TRY(world.ports.commands.run({"node", "status", "--root", world.request.root, "--json"}));
  const auto floor = read_floor(status.output);
  const auto now = world.request.now;
  return Terms{std::move(policy), floor.ok() ? std::max(now, floor.value()) : now};
}

Result<Terms> terms_of_laboratory(const CaseWorld& world) {
  auto policy = TRY(policy_in_force(world.ports.node));
  return Terms{std::move(policy), world.request.now};
}

Result<std::optional<Obstacle>> obstacle_today(CaseWorld& world, const KeptGeneration& kept,
                                               const Terms& terms) {
  auto obstacle = TRY(of_package(world.ports.node, kept, terms));
  if (obstacle) return obstacle;
  return of_statements(world.ports.node, kept, terms);
}

Result<std::optional<Obstacle>> obstacle_on_node(CaseWorld& world, const KeptGeneration& kept) {
  auto obstacle = TRY(obstacle_today(world, kept, TRY(terms_of_node(world))));
  if (stands_before(obstacle, Stage::recalls) || !TRY(world.ports.node.find("recalls"))) return obstacle;
  const auto would =
      TRY(world.ports.commands.run({"node", "install", kept.package, "--verdict", kept.verdict, "--order",
                                    kept.order, "--root", world.request.root, "--dry-run", "--json"}));
  const std::string recalled(name(Code::content_recalled));
  if (answered_code(would) != recalled) return obstacle;
  return std::optional(Obstacle{
      Stage::recalls, "refused today before that, untampered: " + recalled + ": the release is recalled"});
}

bool stands_before(const std::optional<Obstacle>& obstacle, Stage needed) {
  return obstacle && obstacle->stage <= needed;
}

}  // namespace sallyport::auditor
