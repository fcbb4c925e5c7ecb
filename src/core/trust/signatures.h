// SPDX-License-Identifier: Apache-2.0
// What verdict.cpp and order.cpp share.
#pragma once

#include "core/format/dsse.h"
#include "core/trust/verified.h"

namespace sallyport::trust {

// The envelope, if it is one of a statement: envelope_malformed, statement_type_mismatch.
Result<Envelope> open_envelope(BytesView json);

// "signatures[2]"
std::string signature_place(std::size_t index);

}  // namespace sallyport::trust
