// SPDX-License-Identifier: Apache-2.0
#include "core/format/openpgp_keyring.h"

#include <utility>

#include "core/crypto/sha1.h"

namespace sallyport {
namespace {

constexpr unsigned secret_key_tag = 5;
constexpr unsigned public_key_tag = 6;
constexpr unsigned secret_subkey_tag = 7;
constexpr unsigned public_subkey_tag = 14;
constexpr std::size_t key_head_size = 6;  // version, time, algorithm
constexpr unsigned dsa = 17;
constexpr std::size_t blob_head_size = 16;
constexpr std::uint8_t openpgp_blob = 2;

Error malformed(std::string found) {
  return {Code::usage_error, "OpenPGP keyring", "whole packets, from the first byte to the last",
          std::move(found)};
}

struct Packet {
  unsigned tag;
  BytesView body;
  std::size_t size;  // with its header
};

std::uint64_t number(BytesView bytes) {
  std::uint64_t value = 0;
  for (const auto byte : bytes) value = value << 8U | byte;
  return value;
}

// How many bytes of length stand behind the first one, and where they begin; lengths in parts, and without an end, are
// for other packets.
Result<Packet> first_packet(BytesView bytes) {
  if (bytes.size() < 2 || (bytes[0] & 0x80U) == 0) return malformed("something else");
  const bool is_new = (bytes[0] & 0x40U) != 0;
  const unsigned tag = is_new ? bytes[0] & 0x3fU : bytes[0] >> 2U & 0x0fU;
  std::size_t head = 0;
  std::uint64_t length = 0;
  if (is_new && bytes[1] < 192) {
    head = 2;
    length = bytes[1];
  } else if (is_new && bytes[1] < 224) {
    head = 3;
    if (bytes.size() < head) return malformed("an end too early");
    length = ((bytes[1] - std::uint64_t{192}) << 8U) + bytes[2] + 192;
  } else if (is_new && bytes[1] != 255) {
    return malformed("a packet in parts");
  } else {
    const std::size_t before = is_new ? 2 : 1;
    if (!is_new && (bytes[0] & 3U) == 3) return malformed("a packet without an end");
    const std::size_t size = is_new ? 4 : std::size_t{1} << (bytes[0] & 3U);
    head = before + size;
    if (bytes.size() < head) return malformed("an end too early");
    length = number(bytes.subspan(before, size));
  }
  if (length > bytes.size() - head) return malformed("an end too early");
  const auto size = static_cast<std::size_t>(length);
  return Packet{tag, bytes.subspan(head, size), head + size};
}

std::string fingerprint_of(BytesView body) {
  Bytes named{0x99, static_cast<std::uint8_t>(body.size() >> 8U), static_cast<std::uint8_t>(body.size())};
  named.insert(named.end(), body.begin(), body.end());
  return sha1_fingerprint(named);
}

OpenPgpKey key_of(BytesView body) {
  if (body.size() < key_head_size + 2 || body[0] != 4 || body.size() > 0xffff) return {};
  const unsigned algorithm = body[key_head_size - 1];
  const bool has_modulus = (algorithm >= 1 && algorithm <= 3) || algorithm == dsa;
  const auto bits = static_cast<unsigned>(number(body.subspan(key_head_size, 2)));
  return {fingerprint_of(body), algorithm, has_modulus ? bits : 0};
}

bool is_keybox(BytesView file) {
  return file.size() > 12 && (file[0] & 0x80U) == 0 && as_text(file.subspan(8, 4)) == "KBXf";
}

// Blobs with their size in front; those of OpenPGP say where their packets are.
Result<Bytes> packets_of_keybox(BytesView file) {
  Bytes packets;
  while (!file.empty()) {
    if (file.size() < blob_head_size) return malformed("a keybox that is cut");
    const auto size = number(file.first(4));
    if (size < blob_head_size || size > file.size()) return malformed("a keybox that is cut");
    const auto blob = file.first(static_cast<std::size_t>(size));
    if (blob[4] == openpgp_blob) {
      const auto begin = number(blob.subspan(8, 4));
      const auto length = number(blob.subspan(12, 4));
      if (begin > size || length > size - begin) return malformed("a keybox that is cut");
      const auto part = blob.subspan(static_cast<std::size_t>(begin), static_cast<std::size_t>(length));
      packets.insert(packets.end(), part.begin(), part.end());
    }
    file = file.subspan(static_cast<std::size_t>(size));
  }
  return packets;
}

}  // namespace

Result<std::vector<OpenPgpKey>> openpgp_keys(BytesView keyring) {
  std::vector<OpenPgpKey> keys;
  while (!keyring.empty()) {
    const auto packet = TRY(first_packet(keyring));
    if (packet.tag == public_key_tag || packet.tag == public_subkey_tag) keys.push_back(key_of(packet.body));
    keyring = keyring.subspan(packet.size);
  }
  return keys;
}

std::set<std::string> openpgp_weak_keys(const std::vector<OpenPgpKey>& keys) {
  std::set<std::string> weak;
  for (const auto& key : keys) {
    if (key.bits != 0 && key.bits < openpgp_key_bits_min) weak.insert(key.fingerprint);
  }
  return weak;
}

Result<std::vector<Bytes>> openpgp_keyrings(BytesView file) {
  const auto packets = is_keybox(file) ? TRY(packets_of_keybox(file)) : copy(file);
  std::vector<Bytes> keyrings(1);
  std::set<std::string> seen;
  for (BytesView rest(packets); !rest.empty();) {
    const auto packet = TRY(first_packet(rest));
    // The file is kept with what it vouches for: nobody's private key goes along.
    if (packet.tag == secret_key_tag || packet.tag == secret_subkey_tag) return malformed("a private key");
    if (packet.tag == public_key_tag && !seen.insert(fingerprint_of(packet.body)).second) {
      keyrings.emplace_back();
      seen = {fingerprint_of(packet.body)};
    }
    const auto bytes = rest.first(packet.size);
    keyrings.back().insert(keyrings.back().end(), bytes.begin(), bytes.end());
    rest = rest.subspan(packet.size);
  }
  return keyrings;
}

}  // namespace sallyport
