// SPDX-License-Identifier: Apache-2.0
// An officer reads the baseline of a host and signs it: the proposed statement as it is, in an envelope to which each
// officer adds a signature.
#pragma once

#include <optional>
#include <set>
#include <string>

#include "adapters/signer/port.h"
#include "core/format/baseline.h"
#include "core/format/policy.h"

namespace sallyport::operators {

struct BaselineSigning {
  BytesView file;  // the statement, or the envelope with signatures of others
  const Policy& policy;
  PersonId person;
  Instant now;
  std::optional<Sha256Digest> reviewed = {};  // of the statement that the officer has read
};

struct BaselineSigned {
  HostBaseline baseline;
  Sha256Digest identity;
  std::set<PersonId> signers;    // genuine signatures, by every kind that the policy asks for
  std::optional<Error> missing;  // why they are not enough yet
  std::string envelope;          // the file with one more signature; of a review: empty
};

// Refused before the key is used: what is no baseline, another one than was read (not_what_was_reviewed), a pool or
// nodes that the policy does not have (pool_unknown, node_unknown), a person or key that is none of it
// (person_key_mismatch), an envelope with a signature that must not be there.
Result<BaselineSigned> sign_baseline(const BaselineSigning& request, Signer& signer);

Result<BaselineSigned> review_baseline(BytesView file, const Policy& policy, Instant now);

// Of the file's statement, whether it is signed or not.
Result<Bytes> baseline_payload(BytesView file);

}  // namespace sallyport::operators
