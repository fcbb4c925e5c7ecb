// SPDX-License-Identifier: Apache-2.0
// Signed notes and the keys that sign them (C2SP signed-note). docs/spec/log.md.
//
// A note is text, an empty line, and signature lines. What is verified is the text of this object, and nobody parses
// the file a second time. Which signatures count is decided by name and key id together; both are computed from a
// trusted key, never believed.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "core/crypto/key.h"

namespace sallyport::tlog {

using NoteKeyId = std::array<std::uint8_t, 4>;

struct NoteSignature {
  std::string name;
  NoteKeyId key;
  Bytes signature;
};

struct Note {
  std::string text;  // with its last line end
  std::vector<NoteSignature> signatures;
};

constexpr std::size_t note_size_max = 128U << 10U;
constexpr std::size_t note_signatures_max = 100;
constexpr std::size_t key_name_size_max = 255;

// note_malformed unless the text is UTF-8 without control characters but line ends, with 1 to 100 signature lines.
Result<Note> parse_note(std::string_view text);
std::string print_note(const Note& note);
// Signature lines alone: what a witness answers. 1 to 100 of them.
Result<std::vector<NoteSignature>> parse_signatures(std::string_view lines);
std::string print_signature(const NoteSignature& signature);  // with its line end

// log_key_refused unless it is 1 to 255 bytes of plain UTF-8 without spaces of any kind and without "+".
Result<void> check_key_name(std::string_view name);

// What a key of this name and kind signs.
enum class KeyUse : std::uint8_t {
  note = 1,                // the text itself, Ed25519: a log's own signature
  cosignature = 4,         // a time and the text, Ed25519: a witness's (cosignature.h)
  ml_dsa_cosignature = 6,  // names, a time and the tree, ML-DSA-44: a witness's
};
bool is_cosignature(KeyUse use);

class NoteKey {
 public:
  // log_key_refused unless the key is of the use's algorithm.
  static Result<NoteKey> make(std::string_view name, KeyUse use, const PublicKey& key);
  // Of a witness: the use follows from the key. log_key_refused unless it is Ed25519 or ML-DSA-44.
  static Result<NoteKey> of_witness(std::string_view name, const PublicKey& key);
  // "name+0123abcd+base64": the one spelling that text() writes. log_key_refused otherwise.
  static Result<NoteKey> parse(std::string_view vkey);

  const std::string& name() const { return name_; }
  KeyUse use() const { return use_; }
  const PublicKey& key() const { return key_; }
  const NoteKeyId& id() const { return id_; }
  std::string text() const;
  bool made(const NoteSignature& signature) const { return signature.name == name_ && signature.key == id_; }

 private:
  NoteKey(std::string name, KeyUse use, PublicKey key, const NoteKeyId& id)
      : name_(std::move(name)), use_(use), key_(std::move(key)), id_(id) {}
  std::string name_;
  KeyUse use_;
  PublicKey key_;
  NoteKeyId id_;
};

enum class Signed : std::uint8_t { yes, no };
// Whether the note carries this key's own signature (KeyUse::note). One that does not fit refuses the whole note:
// log_signature_invalid.
Result<Signed> signed_by(const Note& note, const NoteKey& key);

}  // namespace sallyport::tlog
