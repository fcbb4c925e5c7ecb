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

std::string signature_place(std::size_t index) {
  return "signatures[" + std::to_string(index) + "]";
}

}  // namespace sallyport::trust
