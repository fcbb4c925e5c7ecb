// SPDX-License-Identifier: Apache-2.0
// A member of `sources` of a policy: who may sign what, whose time stamps count, and what has to be known about
// revocations. docs/spec/policy.md, docs/spec/revocation.md.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "core/base/id.h"
#include "core/crypto/cms.h"
#include "core/format/json.h"
#include "core/format/policy_attestation.h"

namespace sallyport {

struct Source {
  SourceId id;
  std::set<ProductId> products;                    // what it may sign; never empty
  SigningAuthority authority;                      // its anchors: never empty
  std::vector<AttestationRule> attestations = {};  // that its packages have to bring
  SbomNeed sbom = SbomNeed::optional;
};

// policy_malformed when it is not as docs/spec/policy.md says.
Result<Source> read_source(JsonObject& object);

// "time stamps by CN=TSA, required; revocation has to be known, 1 list": for every screen that shows the policy.
std::string describe_time_stamps(const SigningAuthority& authority);
std::string describe_revocation(const SigningAuthority& authority);

}  // namespace sallyport
