// SPDX-License-Identifier: Apache-2.0
#include "core/tlog/note.h"

#include <algorithm>

#include "core/base/text.h"
#include "core/crypto/ml_dsa.h"
#include "core/tlog/lines.h"

namespace sallyport::tlog {
namespace {

constexpr std::string_view dash = "\xe2\x80\x94 ";
constexpr std::size_t signature_size_max = 8192;

// What stands in a key of this use: raw, as it is at the end of its SubjectPublicKeyInfo.
struct KeyForm {
  KeyUse use;
  KeyFamily family;
  std::string_view algorithm;
  std::string_view spki_prefix;  // hexadecimal
  std::size_t size;
};
constexpr std::string_view ed25519_prefix = "302a300506032b6570032100";
constexpr std::size_t ed25519_size = 32;
constexpr std::size_t ml_dsa_44_size = 1312;
constexpr std::array<KeyForm, 3> key_forms{
    {{KeyUse::note, KeyFamily::ed25519, "Ed25519", ed25519_prefix, ed25519_size},
     {KeyUse::cosignature, KeyFamily::ed25519, "Ed25519", ed25519_prefix, ed25519_size},
     {KeyUse::ml_dsa_cosignature, KeyFamily::ml_dsa_44, ml_dsa[0].name, ml_dsa[0].prefix, ml_dsa_44_size}}};

const KeyForm* form_of(KeyUse use) {
  const auto* const found = std::ranges::find(key_forms, use, &KeyForm::use);
  return found == key_forms.end() ? nullptr : found;
}

BytesView raw_of(const PublicKey& key, KeyUse use) {
  return key.spki().last(form_of(use)->size);
}

Error malformed(std::string where, std::string expected, std::string_view found = {}) {
  return {Code::note_malformed, std::move(where), std::move(expected), std::string(found.substr(0, 80))};
}

Error key_refused(std::string expected, std::string_view found) {
  return {Code::log_key_refused, "key", std::move(expected), std::string(found.substr(0, 80))};
}

bool is_note_text(std::string_view text) {
  const bool is_plain =
      std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) >= 0x20 || c == '\n'; });
  return is_plain && valid_utf8(text) == text;
}

// The spaces of Unicode beyond ASCII's.
bool has_wide_space(std::string_view text) {
  static constexpr std::array<std::string_view, 18> spaces{
      "\xc2\x85",     "\xc2\xa0",     "\xe1\x9a\x80", "\xe2\x80\x80", "\xe2\x80\x81", "\xe2\x80\x82",
      "\xe2\x80\x83", "\xe2\x80\x84", "\xe2\x80\x85", "\xe2\x80\x86", "\xe2\x80\x87", "\xe2\x80\x88",
      "\xe2\x80\x89", "\xe2\x80\x8a", "\xe2\x80\xa8", "\xe2\x80\xa9", "\xe2\x80\xaf", "\xe3\x80\x80"};
  return std::ranges::any_of(spaces,
                             [&](auto space) { return text.find(space) != std::string_view::npos; }) ||
         text.find("\xe2\x81\x9f") != std::string_view::npos;
}

NoteKeyId id_of(std::string_view name, KeyUse use, BytesView raw) {
  Hasher hasher(Sha2::sha256);
  const std::array<std::uint8_t, 2> between{'\n', static_cast<std::uint8_t>(use)};
  hasher.update(as_bytes(name));
  hasher.update(between);
  hasher.update(raw);
  NoteKeyId id{};
  std::copy_n(hasher.finish_sha256().bytes().begin(), id.size(), id.begin());
  return id;
}

Result<NoteSignature> parse_signature(std::string_view line) {
  const auto wrong = malformed("signature line", "a dash, a name, and a key id with its signature", line);
  if (!line.starts_with(dash)) return wrong;
  line.remove_prefix(dash.size());
  const auto space = line.find(' ');
  if (space == std::string_view::npos) return wrong;
  const auto name = line.substr(0, space);
  const auto blob = parse_base64(line.substr(space + 1), signature_size_max);
  if (!check_key_name(name).ok() || !blob.ok() || blob.value().size() <= NoteKeyId{}.size()) return wrong;
  NoteSignature signature{std::string(name), {}, {}};
  const auto split = blob.value().begin() + static_cast<std::ptrdiff_t>(signature.key.size());
  std::copy(blob.value().begin(), split, signature.key.begin());
  signature.signature.assign(split, blob.value().end());
  return signature;
}

}  // namespace

Result<void> check_key_name(std::string_view name) {
  const bool is_name = !name.empty() && name.size() <= key_name_size_max && is_plain_text(name) &&
                       name.find_first_of("+ ") == std::string_view::npos && !has_wide_space(name);
  if (is_name) return {};
  return Error(Code::log_key_refused, "key name", "1 to 255 bytes of UTF-8 without spaces and +",
               std::string(name.substr(0, 80)));
}

Result<std::vector<NoteSignature>> parse_signatures(std::string_view text) {
  if (text.size() > note_size_max) return malformed("signatures", "at most 128 KiB");
  std::vector<NoteSignature> signatures;
  for (Lines lines(text); !lines.at_end();) {
    const auto line = lines.next();
    if (!line) return malformed("signature line", "a line end behind it");
    if (signatures.size() == note_signatures_max) return malformed("signatures", "at most 100", "more");
    signatures.push_back(TRY(parse_signature(*line)));
  }
  if (signatures.empty()) return malformed("signatures", "at least one", "none");
  return signatures;
}

Result<Note> parse_note(std::string_view text) {
  if (text.size() > note_size_max) return malformed("note", "at most 128 KiB");
  if (!is_note_text(text)) return malformed("note", "UTF-8 without control characters");
  const auto split = text.rfind("\n\n");
  if (split == std::string_view::npos) return malformed("note", "an empty line before the signatures");
  auto signatures = TRY(parse_signatures(text.substr(split + 2)));
  return Note{std::string(text.substr(0, split + 1)), std::move(signatures)};
}

std::string print_signature(const NoteSignature& signature) {
  Bytes blob(signature.key.begin(), signature.key.end());
  blob.insert(blob.end(), signature.signature.begin(), signature.signature.end());
  return std::string(dash) + signature.name + " " + base64(blob) + "\n";
}

std::string print_note(const Note& note) {
  std::string text = note.text + "\n";
  for (const auto& signature : note.signatures) text += print_signature(signature);
  return text;
}

bool is_cosignature(KeyUse use) {
  return use != KeyUse::note;
}

Result<NoteKey> NoteKey::make(std::string_view name, KeyUse use, const PublicKey& key) {
  TRY(check_key_name(name));
  const auto& form = *form_of(use);
  if (key.family() != form.family)
    return key_refused("a key of " + std::string(form.algorithm), key.algorithm());
  return NoteKey(std::string(name), use, key, id_of(name, use, raw_of(key, use)));
}

Result<NoteKey> NoteKey::of_witness(std::string_view name, const PublicKey& key) {
  for (const auto& form : key_forms) {
    if (is_cosignature(form.use) && form.family == key.family()) return make(name, form.use, key);
  }
  return key_refused("a key of Ed25519 or ML-DSA-44", key.algorithm());
}

Result<NoteKey> NoteKey::parse(std::string_view vkey) {
  // Nothing of it is shown: it may be the key of the signer.
  const bool is_private = vkey.starts_with("PRIVATE+KEY");
  const auto wrong = key_refused("name+id+key of a log (Ed25519) or a witness (Ed25519, ML-DSA-44)",
                                 is_private ? "a private key" : "something else");
  const auto first = vkey.find('+');
  const auto second = first == std::string_view::npos ? first : vkey.find('+', first + 1);
  if (second == std::string_view::npos) return wrong;
  const auto material = parse_base64(vkey.substr(second + 1), 1 + ml_dsa_44_size);
  if (!material.ok() || material.value().empty()) return wrong;
  const auto use = static_cast<KeyUse>(material.value().front());
  const auto* const form = form_of(use);
  if (form == nullptr || material.value().size() != 1 + form->size) return wrong;
  auto spki = TRY(parse_hex(form->spki_prefix, 64));
  spki.insert(spki.end(), material.value().begin() + 1, material.value().end());
  const auto key = PublicKey::from_spki(spki);
  if (!key.ok()) return wrong;
  const auto made = TRY(make(vkey.substr(0, first), use, key.value()));
  if (made.text() != vkey) return wrong;
  return made;
}

std::string NoteKey::text() const {
  Bytes material{static_cast<std::uint8_t>(use_)};
  const auto raw = raw_of(key_, use_);
  material.insert(material.end(), raw.begin(), raw.end());
  return name_ + "+" + hex(id_) + "+" + base64(material);
}

Result<Signed> signed_by(const Note& note, const NoteKey& key) {
  CHECK(key.use() == KeyUse::note);
  auto answer = Signed::no;
  for (const auto& signature : note.signatures) {
    if (!key.made(signature)) continue;
    TRY(key.key().verify(as_bytes(note.text), signature.signature, Code::log_signature_invalid));
    answer = Signed::yes;
  }
  return answer;
}

}  // namespace sallyport::tlog
