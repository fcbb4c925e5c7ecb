// SPDX-License-Identifier: Apache-2.0
#include "core/tlog/cosignature.h"

#include <algorithm>

#include "core/crypto/ml_dsa.h"
#include "core/tlog/checkpoint.h"

namespace sallyport::tlog {
namespace {

constexpr std::size_t time_size = 8;
constexpr std::size_t ed25519_signature_size = 64;

std::size_t raw_size(const NoteKey& key) {
  return key.use() == KeyUse::ml_dsa_cosignature ? ml_dsa[0].signature_size : ed25519_signature_size;
}

void append(Bytes& bytes, BytesView more) {
  bytes.insert(bytes.end(), more.begin(), more.end());
}

void append_number(Bytes& bytes, std::uint64_t number) {
  for (std::size_t i = sizeof number; i-- > 0;)
    bytes.push_back(static_cast<std::uint8_t>(number >> (8 * i) & 0xffU));
}

// opaque<1..255>: both names are bounded where they are read.
void append_name(Bytes& bytes, std::string_view name) {
  CHECK(!name.empty() && name.size() <= key_name_size_max);
  bytes.push_back(static_cast<std::uint8_t>(name.size()));
  append(bytes, as_bytes(name));
}

// struct { uint8 label[12]; opaque cosigner_name<1..255>; uint64 timestamp; opaque log_origin<1..255>; uint64 start;
//          uint64 end; uint8 hash[32]; }, and of a whole tree, which is what a checkpoint is of, the start is 0.
Bytes cosigned_message(std::string_view witness, Instant time, const Checkpoint& checkpoint) {
  using namespace std::string_view_literals;
  Bytes message = copy(as_bytes("subtree/v1\n\0"sv));
  append_name(message, witness);
  append_number(message, static_cast<std::uint64_t>(time.seconds()));
  append_name(message, checkpoint.origin);
  append_number(message, 0);
  append_number(message, checkpoint.head.size);
  append(message, checkpoint.head.root.bytes());
  return message;
}

Result<Instant> verify(const Note& note, const NoteSignature& signature, const NoteKey& key) {
  const Error wrong(Code::cosignature_invalid, key.name(), "a time and a signature", "something else");
  if (signature.signature.size() != time_size + raw_size(key)) return wrong;
  std::uint64_t seconds = 0;
  for (std::size_t i = 0; i < time_size; ++i) seconds = seconds << 8U | signature.signature[i];
  if (seconds > static_cast<std::uint64_t>(Instant::seconds_max)) return wrong;
  const auto time = TRY(Instant::from_seconds(static_cast<std::int64_t>(seconds)));
  const auto message = TRY(cosignature_message(key, time, note.text));
  TRY(key.key().verify(message, BytesView(signature.signature).subspan(time_size),
                       Code::cosignature_invalid));
  return time;
}

}  // namespace

Result<Bytes> cosignature_message(const NoteKey& key, Instant time, std::string_view note_text) {
  CHECK(is_cosignature(key.use()));
  if (key.use() == KeyUse::ml_dsa_cosignature)
    return cosigned_message(key.name(), time, TRY(parse_checkpoint(note_text)));
  return copy(
      as_bytes("cosignature/v1\ntime " + std::to_string(time.seconds()) + "\n" + std::string(note_text)));
}

Bytes print_cosignature(Instant time, BytesView raw_signature) {
  Bytes bytes;
  bytes.reserve(time_size + raw_signature.size());
  append_number(bytes, static_cast<std::uint64_t>(time.seconds()));
  append(bytes, raw_signature);
  return bytes;
}

Result<std::optional<Instant>> cosigned_by(const Note& note, const NoteKey& key) {
  CHECK(is_cosignature(key.use()));
  std::optional<Instant> latest;
  for (const auto& signature : note.signatures) {
    if (!key.made(signature)) continue;
    const auto time = TRY(verify(note, signature, key).within("cosignature of " + key.name()));
    if (key.use() == KeyUse::ml_dsa_cosignature && time.seconds() == 0) continue;
    latest = latest ? std::max(*latest, time) : time;
  }
  return latest;
}

}  // namespace sallyport::tlog
