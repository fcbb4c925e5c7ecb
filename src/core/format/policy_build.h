// SPDX-License-Identifier: Apache-2.0
// What the policy wants a vendor's build to bring, read and told. docs/spec/policy.md, *What a build has to bring*.
#pragma once

#include "core/format/policy_source.h"

namespace sallyport {

// The members `attestations` and `sbom` of a source, if they are there. policy_malformed.
Result<std::vector<AttestationRule>> read_attestation_rules(JsonObject& source);
Result<SbomNeed> read_sbom_need(JsonObject& source);

// "SLSA provenance v1 by one of 2 keys; scan for vulnerabilities by key 0123456789ab", "none required"
std::string describe_attestation_rules(const Source& source);
std::string describe_sbom_need(const Source& source);

}  // namespace sallyport
