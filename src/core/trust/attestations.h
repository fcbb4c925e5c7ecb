// SPDX-License-Identifier: Apache-2.0
// Which attestations of a package count: those of the kinds that the policy asks of its source, signed by a key that
// the policy names for the kind, about what the package holds. docs/spec/attestation.md has the rule.
#pragma once

#include <string>
#include <vector>

#include "core/format/attestation_subject.h"
#include "core/format/policy.h"

namespace sallyport::trust {

// A member of the package, verified by the digest of the manifest.
struct SignedMember {
  std::string name;
  Bytes bytes;
};

// Of the kind of `rule`, and signed by `key` of it. What it is about is not compared yet.
struct SignedAttestation {
  std::size_t rule;
  std::string member;
  Attestation attestation;
  KeyId key;
};

// By whose rules, as of when.
struct AttestationTerms {
  std::vector<AttestationRule> rules;  // of the source
  std::vector<AlgorithmEnd> algorithm_ends;
  Instant at;
};

// At least one for each rule. attestation_malformed, attestation_missing, attestation_signature_invalid,
// attestation_signer_unknown, attestation_builder_refused, algorithm_ended; algorithm_unavailable where the library
// lacks the algorithm of a key that is needed.
Result<std::vector<SignedAttestation>> signed_attestations(const AttestationTerms& terms,
                                                           const std::vector<SignedMember>& members);

// One for each rule, in their order: the first that is about the package. attestation_other_subject.
Result<std::vector<AttestationRecord>> accepted_attestations(const std::vector<AttestationRule>& rules,
                                                             const std::vector<SignedAttestation>& found,
                                                             const Holdings& holdings);

}  // namespace sallyport::trust
