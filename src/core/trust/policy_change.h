// SPDX-License-Identifier: Apache-2.0
// Whether a policy may take the place of another: a later version, wanted by a quorum of the officers of the one before
// and by a quorum of its own.
#pragma once

#include <set>

#include "core/format/policy.h"

namespace sallyport::trust {

// `signers`: keys whose signatures over the new policy were verified. policy_mismatch when it is no later version,
// officers_missing when either quorum is short, or the policy before has no officers and so cannot be changed.
Result<void> policy_change(const Policy& before, const Policy& after, const std::set<KeyId>& signers,
                           Instant at);

}  // namespace sallyport::trust
