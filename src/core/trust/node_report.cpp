// SPDX-License-Identifier: Apache-2.0
#include "core/trust/node_report.h"

#include "core/format/dsse.h"
#include "core/trust/mint.h"

namespace sallyport::trust {

Result<Verified<NodeReport>> node_report(BytesView envelope_json, const PublicKey& key, Instant at) {
  const auto envelope = TRY(parse_envelope(envelope_json));
  if (envelope.payload_type != node_report_payload_type)
    return Error(Code::statement_type_mismatch, "payloadType", std::string(node_report_payload_type),
                 envelope.payload_type);
  if (envelope.signatures.size() != 1)
    return Error(Code::envelope_malformed, "signatures", "exactly one",
                 std::to_string(envelope.signatures.size()));
  TRY(key.verify(pre_authentication_encoding(envelope.payload_type, envelope.payload),
                 envelope.signatures.front().signature, Code::signature_invalid)
          .within("report"));
  auto report = TRY(parse_node_report(envelope.payload));
  Evidence evidence{at, report.policy_version, {{"report signature", "key " + key.id().brief()}}};
  return Mint::verified(std::move(report), std::move(evidence));
}

}  // namespace sallyport::trust
