// SPDX-License-Identifier: Apache-2.0
// What a policy must not be, although it can be read: a policy that contradicts itself. Part of parse_policy.
#pragma once

#include "core/format/policy.h"

namespace sallyport {

// policy_malformed for: a key (of a person, of an intake, of an anchor) under two names or twice under one; a
// node in two pools; a role in a rule that no person has; a rule that no proposer and other persons who stay can
// fulfil; a person with two roles that have to be apart;
// an intake or a source without keys of a kind that is asked for.
Result<void> check_policy(const Policy& policy);

}  // namespace sallyport
