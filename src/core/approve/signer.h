// SPDX-License-Identifier: Apache-2.0
// Whose a key is, and whether it speaks for them at a time. Pure.
#pragma once

#include "core/format/policy.h"

namespace sallyport::approve {

struct KeyHolder {
  const Person* person;  // of the policy that was asked
  const PersonKey* key;
};

//   `unknown`              the key is that of nobody
//   signer_revoked         the person or the key is revoked
//   signer_key_not_valid   the key is not valid yet, or any more
//   algorithm_ended        its algorithm is not taken any more
Result<KeyHolder> holder_of(const Policy& policy, const KeyId& key, Instant at, Code unknown);

}  // namespace sallyport::approve
