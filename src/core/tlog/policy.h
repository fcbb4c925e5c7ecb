// SPDX-License-Identifier: Apache-2.0
// Which logs and witnesses are believed, and how many of them it takes (C2SP tlog-policy). docs/spec/log.md.
//
// Witnesses and groups of them have names of one name space; a group counts members that stand before it, each once, so
// that no witness counts twice on one way. A key stands under one name only.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "core/format/policy_log.h"
#include "core/tlog/checkpoint.h"
#include "core/tlog/cosignature.h"

namespace sallyport::tlog {

struct Witness {
  std::string name;  // in the policy
  NoteKey key;
  std::optional<std::string> url = {};  // where it takes requests, as the policy writes it
};

struct Group {
  std::string name;
  std::size_t threshold;             // 1 to members.size()
  std::vector<std::size_t> members;  // indices of earlier ones
};

struct LogPolicy {
  std::vector<NoteKey> logs;
  std::vector<std::variant<Witness, Group>> members;  // in the order of their definition
  std::optional<std::size_t> quorum;  // index of a member; nothing: the policy says `quorum none`
  std::optional<std::int64_t> cosignature_age_seconds_max =
      {};  // of those that make the quorum; nothing: any
};

constexpr std::size_t log_policy_size_max = 256U << 10U;

Result<LogPolicy> parse_log_policy(std::string_view text);  // log_policy_malformed
// The same, of the member `log` of our own policy.
Result<LogPolicy> log_policy_of(const LogRule& rule);

enum class Quorum : std::uint8_t { reached, missed };
// The only place that counts witnesses. `cosigned` holds indices of members.
Quorum count_witnesses(const LogPolicy& policy, const std::set<std::size_t>& cosigned);

struct Cosigner {
  std::string name;
  Instant time;
};

struct CheckedCheckpoint {
  Checkpoint checkpoint;
  std::vector<Cosigner> cosigners;  // witnesses of the policy whose cosignature was verified
  // The latest time since which a whole quorum has cosigned: it is not earlier, if not all of them lie. Never later
  // than the time of the check. Nothing: the policy asks no quorum.
  std::optional<Instant> quorum_time;
};

// A note that is a checkpoint, signed by the log of the policy that its origin names, and cosigned by the policy's
// quorum. A cosignature of a time that is later than `now` (by more than five minutes) does not count. In this order:
// note_malformed, checkpoint_malformed, log_unknown, log_signature_invalid, cosignature_invalid, witnesses_missing,
// checkpoint_too_old.
Result<CheckedCheckpoint> check_checkpoint(std::string_view note, const LogPolicy& policy, Instant now);

}  // namespace sallyport::tlog
