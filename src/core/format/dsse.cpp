// SPDX-License-Identifier: Apache-2.0
#include "core/format/dsse.h"

#include "core/format/fields.h"
#include "core/format/json.h"
#include "core/format/json_writer.h"

namespace sallyport {
namespace {

constexpr std::size_t signatures_max = 64;
constexpr std::size_t signature_size_max = 5120;
constexpr std::size_t type_size_max = 200;

constexpr std::size_t base64_size(std::size_t size) {
  return (size + 2) / 3 * 4;
}

Result<Bytes> base64_member(JsonObject& object, std::string_view name, std::size_t size_max) {
  const auto text = TRY(object.text(name, base64_size(size_max)));
  auto bytes = parse_base64(text, size_max);
  if (!bytes.ok()) return object.malformed(name, "canonical standard base64", bytes.error().found);
  return bytes;
}

Result<EnvelopeSignature> read_signature(JsonObject object) {
  const auto key = TRY(fields::parsed<KeyId>(object, "keyid"));
  auto bytes = TRY(base64_member(object, "sig", signature_size_max));
  if (bytes.empty()) return object.malformed("sig", "at least one byte", "none");
  TRY(object.finish());
  return EnvelopeSignature{key, std::move(bytes)};
}

}  // namespace

Result<Envelope> parse_envelope(BytesView json) {
  const auto document = TRY(JsonDocument::parse(json, envelope_size_max, Code::envelope_malformed));
  auto top = TRY(document.object());
  Envelope envelope;
  envelope.payload_type = TRY(fields::label(top, "payloadType", type_size_max));
  envelope.payload = TRY(base64_member(top, "payload", envelope_size_max));
  const auto signatures = TRY(top.array("signatures", signatures_max));
  if (signatures.size() == 0) return top.malformed("signatures", "at least one", "none");
  for (std::size_t i = 0; i < signatures.size(); ++i) {
    auto object = TRY(signatures.object(i));
    envelope.signatures.push_back(TRY(read_signature(std::move(object))));
  }
  TRY(top.finish());
  if (print_envelope(envelope) != as_text(json)) {
    return Error(Code::envelope_malformed, "envelope", "members in order, no white space, one line end",
                 "another spelling");
  }
  return envelope;
}

std::string print_envelope(const Envelope& envelope) {
  JsonWriter writer;
  writer.begin_object().text("payloadType", envelope.payload_type).text("payload", base64(envelope.payload));
  writer.key("signatures").begin_array();
  for (const auto& signature : envelope.signatures) {
    writer.begin_object().text("keyid", signature.key.text()).text("sig", base64(signature.signature));
    writer.end_object();
  }
  writer.end_array().end_object();
  return writer.take() + "\n";
}

Bytes pre_authentication_encoding(std::string_view payload_type, BytesView payload) {
  std::string head = "DSSEv1 " + std::to_string(payload_type.size()) + " ";
  head += payload_type;
  head += " " + std::to_string(payload.size()) + " ";
  Bytes encoded = copy(as_bytes(head));
  encoded.insert(encoded.end(), payload.begin(), payload.end());
  return encoded;
}

}  // namespace sallyport
