// SPDX-License-Identifier: Apache-2.0
// A person at work: the name on the command line and the key at hand have to be one person of the policy.
#pragma once

#include "adapters/signer/port.h"
#include "core/format/dsse.h"
#include "core/format/policy.h"

namespace sallyport::deploy {

// person_key_mismatch unless the policy has the person and the key is one of theirs.
Result<void> check_person(const Policy& policy, const PersonId& person, const PublicKey& key);

// The pool of the policy, or pool_unknown.
Result<const Pool*> find_pool(const Policy& policy, const PoolId& pool);

// One more signature over the envelope's payload, under this payload type.
Result<void> add_signature(Envelope& envelope, std::string_view payload_type, Signer& signer);

}  // namespace sallyport::deploy
