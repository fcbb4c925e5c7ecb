// SPDX-License-Identifier: Apache-2.0
// The member `log` of a policy: which transparency log orders have to be in, and which witnesses have to have seen it.
// docs/spec/policy.md. A policy without it requires no log, and every screen that shows the policy says so.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/crypto/key.h"
#include "core/format/json.h"

namespace sallyport {

struct LogWitness {
  std::string name;  // of its key, as it stands in cosignatures
  PublicKey key;
  std::optional<std::string> url = {};  // where it takes requests (C2SP tlog-witness), if over HTTP
};

struct LogRule {
  std::string origin;  // of the log: the name of its key
  PublicKey key;
  std::vector<LogWitness> witnesses;  // 1 to 32, names and keys each once, and none is the log's
  std::uint32_t quorum;               // of them; 1 to witnesses.size()
  std::optional<std::uint32_t> cosignature_age_hours_max = {};  // 1 to 87600; absent: any age
};

// Nothing when there is no such member; policy_malformed when it is not as above. Keys are Ed25519,
// those of witnesses Ed25519 or ML-DSA-44.
Result<std::optional<LogRule>> read_log_rule(JsonObject& policy);

// "log.example/packages, cosigned by 2 of w1, w2, w3", or that no log is required: for every screen alike.
std::string describe_log_rule(const std::optional<LogRule>& rule);

}  // namespace sallyport
