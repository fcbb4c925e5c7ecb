// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <optional>
#include <utility>

#include "core/format/dsse.h"
#include "core/format/order.h"
#include "core/format/verdict.h"
#include "core/trust/order.h"
#include "core/trust/verdict.h"
#include "roles/auditor/evidence_cases.h"
#include "roles/auditor/evidence_today.h"

namespace sallyport::auditor {
namespace {

// A statement to hand to the node in place of the genuine one, or why there is none.
struct StatementTwin {
  TestCase test_case;
  std::string what;
  std::vector<std::string> expected_codes;
  Exit expected_exit;
  Result<Bytes> bytes;
  Stage needs;  // what comes before the check that it is about
};

// The newest generation on the node as of today.
struct Bench {
  CaseWorld& world;
  Terms terms;
  std::optional<Obstacle> obstacle;
};

enum class Slot : std::uint8_t { verdict, order };

Result<void> try_twin(Bench& bench, const StatementTwin& twin, Slot slot) {
  auto& world = bench.world;
  if (stands_before(bench.obstacle, twin.needs)) {
    world.laboratory.not_run(twin.test_case, bench.obstacle->reason);
    return {};
  }
  if (!twin.bytes.ok()) {
    world.laboratory.not_run(twin.test_case, "the input cannot be made: " + twin.bytes.error().where + ": " +
                                                 twin.bytes.error().found);
    return {};
  }
  const std::string file = "inputs/" + twin.test_case.test + ".dsse";
  TRY(world.ports.out.replace_file(file, twin.bytes.value(), 0644));
  const auto& kept = world.newest();
  const std::string given = world.out_path(file);
  const Attempt attempt{
      twin.test_case,
      {"made " + file + ": " + twin.what},
      {"node", "install", kept.package, "--verdict", slot == Slot::verdict ? given : kept.verdict, "--order",
       slot == Slot::order ? given : kept.order, "--root", world.request.root},
      twin.expected_codes,
      static_cast<int>(twin.expected_exit),
      {{file, sha256(twin.bytes.value())}, kept.package_input}};
  return world.laboratory.attempt_without_change(attempt, {world.ports.node, ""});
}

// The same payload, signed by a key that no policy knows: the node's own.
Result<Bytes> sign_by_stranger(BytesView bytes, Signer& stranger, std::size_t keep) {
  auto envelope = TRY(parse_envelope(bytes));
  if (keep > envelope.signatures.size())
    return Error(Code::evidence_malformed, "envelope", "more signatures", "fewer");
  envelope.signatures.erase(envelope.signatures.begin() + static_cast<std::ptrdiff_t>(keep),
                            envelope.signatures.end());
  const auto message = pre_authentication_encoding(envelope.payload_type, envelope.payload);
  auto signature = TRY(stranger.sign(message));
  envelope.signatures.push_back({stranger.public_key().id(), std::move(signature)});
  const auto text = print_envelope(envelope);
  return copy(as_bytes(text));
}

// The verdict of an earlier generation of another package; nothing: there is none.
const KeptGeneration* of_other_package(const CaseWorld& world) {
  const auto& newest = world.newest().package_input.digest;
  const auto found = std::find_if(world.generations.rbegin(), world.generations.rend(),
                                  [&](const auto& kept) { return kept.package_input.digest != newest; });
  return found == world.generations.rend() ? nullptr : &*found;
}

Result<void> other_verdict_case(Bench& bench) {
  auto& world = bench.world;
  const TestCase other{"RAV", "RAV.verdict-of-other-package",
                       "The verdict of another package does not count"};
  const auto* earlier = of_other_package(world);
  if (earlier == nullptr) {
    world.laboratory.not_run(other, "the node keeps one package only, so there is no other verdict");
    return {};
  }
  auto bytes = TRY(world.ports.node.read_small(earlier->folder + "/verdict.dsse", envelope_size_max));
  const auto judged = trust::verdict(bytes, bench.terms.policy, bench.terms.now);
  if (!judged.ok() && comes_with_time(judged.error().code)) {
    world.laboratory.not_run(
        other, "the other verdict is refused today for itself: " + std::string(name(judged.error().code)));
    return {};
  }
  return try_twin(bench,
                  {other,
                   "the verdict of an earlier generation",
                   {"verdict-other-package"},
                   Exit::integrity,
                   std::move(bytes),
                   Stage::log},
                  Slot::verdict);
}

Result<void> verdict_cases(Bench& bench, const Bytes& verdict) {
  auto& world = bench.world;
  TRY(try_twin(bench,
               {{"RAV", "RAV.verdict-flipped", "A verdict that was changed is refused"},
                "one bit of the signed verdict flipped",
                {"verdict-signature-invalid"},
                Exit::integrity,
                tamper_envelope(verdict, EnvelopeChange::payload_flipped),
                Stage::recalls},
               Slot::verdict));
  TRY(try_twin(bench,
               {{"RAV", "RAV.verdict-by-stranger", "A verdict that no authorised intake signed is refused"},
                "the same verdict signed by a key that the policy does not name",
                {"verdict-signer-unknown"},
                Exit::integrity,
                sign_by_stranger(verdict, world.ports.node_key, 0),
                Stage::recalls},
               Slot::verdict));
  return other_verdict_case(bench);
}

// As many signatures as the rule may do without are taken off, and one more.
Result<Bytes> one_short(const Bench& bench, const Bytes& order) {
  auto shorter = tamper_envelope(order, EnvelopeChange::last_signature_dropped);
  while (shorter.ok() && trust::order(shorter.value(), bench.terms.policy, bench.terms.now).ok())
    shorter = tamper_envelope(shorter.value(), EnvelopeChange::last_signature_dropped);
  return shorter;
}

Result<void> approval_cases(Bench& bench, const Bytes& order) {
  auto& world = bench.world;
  const auto change = [&](EnvelopeChange kind) { return tamper_envelope(order, kind); };
  TRY(try_twin(bench,
               {{"RX-1", "RX-1.order-flipped", "An order that was changed after its approval is refused"},
                "one bit of the approved order flipped",
                {"order-signature-invalid"},
                Exit::integrity,
                change(EnvelopeChange::payload_flipped),
                Stage::verdict},
               Slot::order));
  TRY(try_twin(bench,
               {{"RX-1", "RX-1.one-approval-short", "One approval short: the node does not deploy"},
                "approvals removed from the end until one was missing",
                {"approvals-missing"},
                Exit::policy,
                one_short(bench, order),
                Stage::order},
               Slot::order));
  TRY(try_twin(bench,
               {{"RX-1", "RX-1.same-person-twice", "The same person twice is one person"},
                "one approval put in place of another",
                {"approver-counted-twice"},
                Exit::policy,
                change(EnvelopeChange::last_signature_doubled),
                Stage::order},
               Slot::order));
  TRY(try_twin(bench,
               {{"RX-1", "RX-1.proposer-approves", "The proposer does not count as an approver"},
                "the proposer's signature put in place of an approval",
                {"approver-is-proposer"},
                Exit::policy,
                change(EnvelopeChange::first_signature_doubled),
                Stage::order},
               Slot::order));
  auto envelope = TRY(parse_envelope(order));
  return try_twin(bench,
                  {{"RX-1", "RX-1.approval-by-stranger",
                    "A signature of somebody whom the policy does not name is refused"},
                   "the last approval replaced by one of an unknown key",
                   {"order-signer-unknown"},
                   Exit::integrity,
                   sign_by_stranger(order, world.ports.node_key, envelope.signatures.size() - 1),
                   Stage::verdict},
                  Slot::order);
}

}  // namespace

Result<void> statement_cases(CaseWorld& world) {
  const auto& kept = world.newest();
  auto terms = TRY(terms_of_node(world));
  auto obstacle = TRY(obstacle_on_node(world, kept));
  Bench bench{world, std::move(terms), std::move(obstacle)};
  TRY(verdict_cases(bench,
                    TRY(world.ports.node.read_small(kept.folder + "/verdict.dsse", envelope_size_max))));
  TRY(approval_cases(bench,
                     TRY(world.ports.node.read_small(kept.folder + "/order.dsse", envelope_size_max))));
  const Attempt replay{{"RX-1", "RX-1.order-replayed", "An order that was used does not deploy again"},
                       {"the order by which the newest generation was installed, unchanged"},
                       {"node", "install", kept.package, "--verdict", kept.verdict, "--order", kept.order,
                        "--root", world.request.root},
                       {"order-replayed"},
                       static_cast<int>(Exit::conflict),
                       {kept.package_input}};
  if (!stands_before(bench.obstacle, Stage::log))
    return world.laboratory.attempt_without_change(replay, {world.ports.node, ""});
  world.laboratory.not_run(replay.test_case, bench.obstacle->reason);
  return {};
}

}  // namespace sallyport::auditor
