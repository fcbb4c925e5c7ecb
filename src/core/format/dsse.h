// SPDX-License-Identifier: Apache-2.0
// DSSE 1.0.2 envelopes (secure-systems-lab/dsse, protocol.md and envelope.md). docs/spec/statement.md.
//
// One spelling: {"payloadType":…,"payload":…,"signatures":[{"keyid":…,"sig":…}…]} in this order, standard
// base64, no white space but one line end. 1 to 64 signatures, each of 1 to 5120 bytes; keyid is the signer's
// KeyId in hexadecimal and nothing but a hint. Everything else: envelope_malformed. What verifies is the
// payload bytes of this object; nobody parses the envelope a second time.
#pragma once

#include <string>
#include <vector>

#include "core/crypto/key.h"

namespace sallyport {

struct EnvelopeSignature {
  KeyId key;
  Bytes signature;
};

struct Envelope {
  std::string payload_type;
  Bytes payload;
  std::vector<EnvelopeSignature> signatures;
};

constexpr std::uint64_t envelope_size_max = 4ULL << 20U;

Result<Envelope> parse_envelope(BytesView json);
std::string print_envelope(const Envelope& envelope);

// The bytes that are signed: "DSSEv1" SP len SP type SP len SP payload.
Bytes pre_authentication_encoding(std::string_view payload_type, BytesView payload);

}  // namespace sallyport
