// SPDX-License-Identifier: Apache-2.0
// Decides whether a stop order counts: one signature, by a person who may propose, approve or refuse orders
// of the pool, ordinary or break-glass. One person is enough to stop, as for a refusal. It holds under every
// later policy: what was stopped stays stopped.
//
//   envelope_malformed, statement_type_mismatch    one envelope of a stop order with exactly one signature
//   order_signer_unknown       the key is that of a person of the policy, the one who speaks
//   order_signature_invalid    the signature verifies; nothing of the payload is parsed before
//   signer_revoked, signer_key_not_valid    the person and the key hold at this time
//   order_other_pool           the pool is one of the policy
//   approver_not_authorised    the person has a role of the pool
#pragma once

#include "core/format/policy.h"
#include "core/format/stop.h"
#include "core/trust/verified.h"

namespace sallyport::trust {

Result<Verified<StopOrder>> stop(BytesView envelope, const Policy& policy, Instant at);

}  // namespace sallyport::trust
