// SPDX-License-Identifier: Apache-2.0
#include "core/tlog/policy.h"

#include <algorithm>
#include <functional>

#include "core/base/overloaded.h"

namespace sallyport::tlog {
namespace {

// Clocks of two machines differ a little.
constexpr std::int64_t clock_skew_seconds_max = 300;

Result<const NoteKey*> log_of(const Checkpoint& checkpoint, const LogPolicy& policy) {
  const auto log = std::ranges::find(policy.logs, checkpoint.origin, &NoteKey::name);
  if (log != policy.logs.end()) return &*log;
  return Error(Code::log_unknown, "origin", "a log of the policy", checkpoint.origin);
}

Result<void> check_log_signature(const Note& note, const Checkpoint& checkpoint, const LogPolicy& policy) {
  TRY(log_of(checkpoint, policy));
  for (const auto& log : policy.logs) {  // a log may have several keys
    if (log.name() == checkpoint.origin && TRY(signed_by(note, log)) == Signed::yes) return {};
  }
  return Error(Code::log_signature_invalid, checkpoint.origin, "its own signature on the checkpoint", "none");
}

std::string list(const std::vector<Cosigner>& cosigners) {
  std::string text;
  for (const auto& cosigner : cosigners) text += (text.empty() ? "" : ", ") + cosigner.name;
  return text.empty() ? "none" : text;
}

struct Dated {
  Instant time;
  std::size_t member;
};

// The latest moment since which the cosignatures alone make a quorum.
std::optional<Instant> quorum_time(const LogPolicy& policy, std::vector<Dated> cosigned) {
  std::ranges::sort(cosigned, std::greater<>(), &Dated::time);
  std::set<std::size_t> counted;
  for (const auto& [time, member] : cosigned) {
    counted.insert(member);
    if (count_witnesses(policy, counted) == Quorum::reached) return time;
  }
  return std::nullopt;
}

}  // namespace

Result<LogPolicy> log_policy_of(const LogRule& rule) {
  LogPolicy policy;
  policy.logs.push_back(TRY(NoteKey::make(rule.origin, KeyUse::note, rule.key)));
  Group all{"witnesses", rule.quorum, {}};
  for (const auto& [name, key, url] : rule.witnesses) {
    all.members.push_back(policy.members.size());
    const auto note_key = TRY(NoteKey::of_witness(name, key));
    policy.members.emplace_back(Witness{name, note_key, url});
  }
  if (rule.cosignature_age_hours_max) {
    policy.cosignature_age_seconds_max = std::int64_t{*rule.cosignature_age_hours_max} * 3600;
  }
  policy.quorum = policy.members.size();
  policy.members.emplace_back(std::move(all));
  return policy;
}

Quorum count_witnesses(const LogPolicy& policy, const std::set<std::size_t>& cosigned) {
  if (!policy.quorum) return Quorum::reached;
  std::vector<bool> holds;  // for each member
  for (std::size_t i = 0; i < policy.members.size(); ++i) {
    holds.push_back(std::visit(Overloaded{
                                   [&](const Witness&) { return cosigned.count(i) != 0; },
                                   [&](const Group& group) {
                                     const auto count = std::ranges::count_if(
                                         group.members, [&](std::size_t member) { return holds[member]; });
                                     return static_cast<std::size_t>(count) >= group.threshold;
                                   },
                               },
                               policy.members[i]));
  }
  return holds.at(*policy.quorum) ? Quorum::reached : Quorum::missed;
}

Result<CheckedCheckpoint> check_checkpoint(std::string_view text, const LogPolicy& policy, Instant now) {
  const auto note = TRY(parse_note(text));
  CheckedCheckpoint checked{TRY(parse_checkpoint(note.text)), {}, {}};
  TRY(check_log_signature(note, checked.checkpoint, policy));
  std::vector<Dated> cosigned;
  for (std::size_t i = 0; i < policy.members.size(); ++i) {
    const auto* witness = std::get_if<Witness>(&policy.members[i]);
    const auto time = witness != nullptr ? TRY(cosigned_by(note, witness->key)) : std::nullopt;
    if (!time || *time > now.plus(clock_skew_seconds_max)) continue;
    cosigned.push_back({*time, i});
    checked.cosigners.push_back({witness->name, *time});
  }
  if (!policy.quorum) return checked;
  const auto since = quorum_time(policy, std::move(cosigned));
  const auto where = "checkpoint of " + checked.checkpoint.origin;
  if (!since) {
    return Error(Code::witnesses_missing, where,
                 "cosignatures of the quorum that the policy names, made before " + now.print(),
                 list(checked.cosigners));
  }
  if (policy.cosignature_age_seconds_max && *since < now.plus(-*policy.cosignature_age_seconds_max)) {
    return Error(Code::checkpoint_too_old, where,
                 "a quorum since " + now.plus(-*policy.cosignature_age_seconds_max).print(), since->print());
  }
  checked.quorum_time = std::min(*since, now);
  return checked;
}

}  // namespace sallyport::tlog
