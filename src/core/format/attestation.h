// SPDX-License-Identifier: Apache-2.0
// Attestations of a vendor's build as other tools write them: an in-toto Statement (v1 or v0.1) in a DSSE 1.0.2
// envelope. docs/spec/attestation.md. Nothing here is verified: core/trust/attestations.h decides what counts.
//
// Members that are not known are passed over, since each predicate has many; duplicates, depth and size are refused.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/crypto/key.h"

namespace sallyport {

struct AttestationSubject {
  std::string name;                    // may be empty
  std::optional<Sha256Digest> sha256;  // others are not compared
};

struct AttestationSignature {
  std::string key_hint;  // the envelope's keyid: empty, or whatever the tool calls a key
  Bytes bytes;
};

struct Attestation {
  Bytes payload;  // the statement: what is signed, under statement_payload_type
  std::vector<AttestationSignature> signatures;
  std::string predicate_type;  // a URI
  std::string maker;           // the builder or scanner, in its own words; may be empty
  std::vector<AttestationSubject> subjects;
};

constexpr std::uint64_t attestation_size_max = 4ULL << 20U;
constexpr std::uint64_t attestations_size_max = 16ULL << 20U;  // of a package together, where they are read

// attestation_malformed, at `where`.
Result<Attestation> parse_attestation(BytesView envelope, std::string_view where);

// A URI as far as is looked: 3 to 200 bytes of plain text with a colon and no space.
bool is_predicate_type(std::string_view text);

// "SLSA provenance v1", or the type itself: for people.
std::string attestation_kind(std::string_view predicate_type);

// One that was accepted, or that a verdict says was.
struct AttestationRecord {
  std::string predicate_type;
  std::string maker;  // may be empty
  KeyId key;          // that signed it
  std::string about;  // "the release", "2 of 9 files"
};
// "SLSA provenance v1 by https://builder.example, about the release, key 0123456789ab"
std::string describe(const AttestationRecord& record);

}  // namespace sallyport
