// SPDX-License-Identifier: Apache-2.0
// The first policy of an operator, drafted from files: what `policy init` writes. The text is checked by
// parse_policy before anybody gets it, so a draft that contradicts itself is refused with the same code as a
// policy that does.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/format/policy.h"

namespace sallyport::operators {

struct SourceDraft {
  std::string id;
  std::vector<std::string> products;
  std::string anchors_pem;  // one or more certificates
};

struct PersonDraft {
  std::string id;
  std::vector<std::string> roles;
  std::vector<std::string> keys_pem;  // public keys
};

struct IntakeDraft {
  std::string id;
  std::vector<std::string> keys_pem;  // one, or one of each kind of signature
};

struct PoolDraft {
  std::string id;
  std::vector<std::string> products;
  std::vector<std::string> nodes;
};

struct LogDraft {
  std::string origin;
  std::string key_pem;
  std::vector<std::pair<std::string, std::string>> witnesses;  // names and keys, PEM
  std::uint64_t quorum = 0;
};

struct PolicyDraft {
  std::string name;
  std::vector<SourceDraft> sources;
  std::vector<PersonDraft> persons;
  std::vector<IntakeDraft> intakes;
  std::vector<PoolDraft> pools;
  std::vector<std::string> propose_roles;
  std::vector<std::string> approve_roles;
  std::uint64_t approvals = 2;
  std::vector<std::string> officer_roles;  // who may change the policy; none: nobody can
  std::uint64_t officers = 2;              // of them, how many have to sign a change
  std::optional<LogDraft> log;
  bool hybrid = false;              // classical and post-quantum signatures, of statements and packages
  std::uint64_t age_days_max = 30;  // of verdicts and of malware databases
};

// The policy's text, indented.
Result<std::string> draft_policy(const PolicyDraft& draft);

}  // namespace sallyport::operators
