// SPDX-License-Identifier: Apache-2.0
#include "core/tlog/cosignature.h"

#include <algorithm>

namespace sallyport::tlog {
namespace {

constexpr std::size_t time_size = 8;
constexpr std::size_t raw_size = 64;

Result<Instant> verify(const Note& note, const NoteSignature& signature, const NoteKey& key) {
  const Error wrong(Code::cosignature_invalid, key.name(), "a time and a signature", "something else");
  if (signature.signature.size() != time_size + raw_size) return wrong;
  std::uint64_t seconds = 0;
  for (std::size_t i = 0; i < time_size; ++i) seconds = seconds << 8U | signature.signature[i];
  if (seconds > static_cast<std::uint64_t>(Instant::seconds_max)) return wrong;
  const auto time = TRY(Instant::from_seconds(static_cast<std::int64_t>(seconds)));
  TRY(key.key().verify(as_bytes(cosignature_message(time, note.text)),
                       BytesView(signature.signature).subspan(time_size), Code::cosignature_invalid));
  return time;
}

}  // namespace

std::string cosignature_message(Instant time, std::string_view note_text) {
  return "cosignature/v1\ntime " + std::to_string(time.seconds()) + "\n" + std::string(note_text);
}

Bytes print_cosignature(Instant time, BytesView raw_signature) {
  const auto seconds = static_cast<std::uint64_t>(time.seconds());
  Bytes bytes;
  bytes.reserve(time_size + raw_signature.size());
  for (std::size_t i = time_size; i-- > 0;) bytes.push_back(static_cast<std::uint8_t>(seconds >> (8 * i)));
  bytes.insert(bytes.end(), raw_signature.begin(), raw_signature.end());
  return bytes;
}

Result<std::optional<Instant>> cosigned_by(const Note& note, const NoteKey& key) {
  CHECK(key.use() == KeyUse::cosignature);
  std::optional<Instant> latest;
  for (const auto& signature : note.signatures) {
    if (!key.made(signature)) continue;
    const auto time = TRY(verify(note, signature, key).within("cosignature of " + key.name()));
    latest = latest ? std::max(*latest, time) : time;
  }
  return latest;
}

}  // namespace sallyport::tlog
