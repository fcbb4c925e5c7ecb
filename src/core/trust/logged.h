// SPDX-License-Identifier: Apache-2.0
// Decides whether something is in the transparency log that the policy names: the proof leads from exactly this
// entry to a checkpoint that the log signed and the policy's quorum of witnesses cosigned. No network.
//
// Whether the log only grew since this node saw it last, and whether the entry is about the order at hand, is
// decided by trust::permit and nowhere else.
#pragma once

#include "core/format/policy.h"
#include "core/tlog/proof.h"
#include "core/trust/verified.h"

namespace sallyport {

struct Logged {
  tlog::Entry entry;
  tlog::CheckedProof proof;
};

namespace trust {

// As tlog::check_proof. log_unknown when the policy names no log. `passed` is added to, whether it ends well or not.
Result<Verified<Logged>> logged(BytesView proof, const tlog::Entry& what, const Policy& policy, Instant at,
                                Checks& passed);

// Of what only stops: however long ago the witnesses cosigned it. Nobody gains by an old view of the log there, and who
// comes late has to be able to take it in.
Result<Verified<Logged>> logged_once(BytesView proof, const tlog::Entry& what, const Policy& policy,
                                     Instant at, Checks& passed);

}  // namespace trust
}  // namespace sallyport
