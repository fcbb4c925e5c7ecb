// SPDX-License-Identifier: Apache-2.0
#include "core/trust/signatures.h"

#include "core/format/statement.h"

namespace sallyport::trust {

Result<Envelope> open_envelope(BytesView json) {
  auto envelope = TRY(parse_envelope(json));
  if (envelope.payload_type != statement_payload_type) {
    return Error(Code::statement_type_mismatch, "payloadType", std::string(statement_payload_type),
                 envelope.payload_type);
  }
  return envelope;
}

Result<void> check_speaker(const RequiredKinds& required, const std::vector<SignatureKind>& made) {
  if (required.any_one() && made.size() != 1)
    return Error(Code::envelope_malformed, "signatures", "exactly one", std::to_string(made.size()));
  SignatureKinds kinds;
  for (std::size_t i = 0; i < made.size(); ++i) {
    TRY(required.check_next(kinds, made[i], Code::signature_kind_unexpected, signature_place(i)));
    kinds.insert(made[i]);
  }
  if (required.met_by(kinds)) return {};
  return Error(Code::signature_kind_missing, "signatures", required.describe(), describe(kinds));
}

std::string signature_place(std::size_t index) {
  return "signatures[" + std::to_string(index) + "]";
}

}  // namespace sallyport::trust
