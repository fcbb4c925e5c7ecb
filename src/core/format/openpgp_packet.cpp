// SPDX-License-Identifier: Apache-2.0
#include "core/format/openpgp_packet.h"

#include <optional>
#include <string>

namespace sallyport {
namespace {

constexpr unsigned signature_tag = 2;
constexpr std::size_t digest_place_of_3 = 16;  // version, 5, type, time, key, algorithm
constexpr std::size_t digest_place = 3;        // version, type, algorithm

Error invalid(std::string expected, std::string found) {
  return {Code::publisher_signature_invalid, "OpenPGP signature", std::move(expected), std::move(found)};
}

std::optional<BytesView> body_with_length(BytesView rest, std::size_t length_size) {
  if (rest.size() < length_size) return {};
  std::uint64_t length = 0;
  for (const auto byte : rest.first(length_size)) length = length << 8U | byte;
  const auto body = rest.subspan(length_size);
  return length == body.size() ? std::optional(body) : std::nullopt;
}

// The old form has the size of the length in its first byte, the new one in the second; lengths in parts are for
// other packets.
std::optional<BytesView> body_of(BytesView packet) {
  if (packet.size() < 2 || (packet[0] & 0x80U) == 0) return {};
  const auto rest = packet.subspan(1);
  if ((packet[0] & 0x40U) == 0) {
    if ((packet[0] >> 2U & 0x0fU) != signature_tag || (packet[0] & 3U) == 3) return {};
    return body_with_length(rest, std::size_t{1} << (packet[0] & 3U));
  }
  if ((packet[0] & 0x3fU) != signature_tag) return {};
  if (rest[0] < 192) return body_with_length(rest, 1);
  if (rest[0] == 255) return body_with_length(rest.subspan(1), 4);
  if (rest[0] >= 224 || rest.size() < 2) return {};
  const std::size_t length = ((rest[0] - std::size_t{192}) << 8U) + rest[1] + 192;
  const auto body = rest.subspan(2);
  return length == body.size() ? std::optional(body) : std::nullopt;
}

}  // namespace

Result<void> check_openpgp_signature(BytesView packet) {
  const auto body = body_of(packet);
  if (!body || body->empty()) return invalid("one signature packet", "another, or bytes behind it");
  const unsigned version = body->front();
  if (version < 3 || version > 6) return invalid("version 3 to 6", std::to_string(version));
  const auto place = version == 3 ? digest_place_of_3 : digest_place;
  if (body->size() <= place) return invalid("a whole signature", std::to_string(body->size()) + " bytes");
  const unsigned digest = (*body)[place];
  if (digest >= 8 && digest <= 10) return {};
  return Error(Code::publisher_algorithm_refused, "OpenPGP signature", "SHA-256, SHA-384 or SHA-512",
               "digest " + std::to_string(digest));
}

}  // namespace sallyport
