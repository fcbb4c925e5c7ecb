// SPDX-License-Identifier: Apache-2.0
// What verdict.cpp and order.cpp share.
#pragma once

#include "core/format/dsse.h"
#include "core/format/signature_kinds.h"
#include "core/trust/verified.h"

namespace sallyport::trust {

// The envelope, if it is one of a statement: envelope_malformed, statement_type_mismatch.
Result<Envelope> open_envelope(BytesView json);

// Of one speaker: one signature, or exactly one of each kind that is asked for. envelope_malformed for several where
// one is asked for; signature_kind_unexpected, signature_kind_missing.
Result<void> check_speaker(const RequiredKinds& required, const std::vector<SignatureKind>& made);

// "signatures[2]"
std::string signature_place(std::size_t index);

}  // namespace sallyport::trust
