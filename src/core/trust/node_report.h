// SPDX-License-Identifier: Apache-2.0
// What a node's own key says about the node.
//
//   envelope_malformed       one envelope with one signature
//   statement_type_mismatch  of the payload type of reports
//   signature_invalid        it is not by this key, or does not fit; nothing is parsed before
//   statement_malformed      the payload is a report
//
// Whether it is current, and of the node that brought it, is asked by whoever takes it in.
#pragma once

#include "core/crypto/key.h"
#include "core/format/node_report.h"
#include "core/trust/verified.h"

namespace sallyport::trust {

Result<Verified<NodeReport>> node_report(BytesView envelope, const PublicKey& key, Instant at);

}  // namespace sallyport::trust
