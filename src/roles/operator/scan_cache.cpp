// SPDX-License-Identifier: Apache-2.0
#include "roles/operator/scan_cache.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/format/fields.h"
#include "core/format/json_writer.h"
#include "roles/operator/person.h"

namespace sallyport::intake {
namespace {

constexpr std::string_view payload_type = "application/vnd.sallyport.scans+json";
constexpr std::string_view schema = "sallyport-scans/1";
constexpr std::size_t head_size_max = 8192;

Error invalid(std::string expected, std::string found) {
  return {Code::scan_cache_invalid, "cache of scans", std::move(expected), std::move(found)};
}

// What is signed: what the digests are about, and the digest over all of them.
std::string print_head(const EngineInfo& engine, BytesView digests) {
  JsonWriter writer;
  writer.begin_object().text("schema", schema).text("engine", engine.engine).text("version", engine.version);
  writer.text("database", engine.database).text("sha256", sha256(digests).text()).end_object();
  return writer.take();
}

Result<Bytes> verified_head(BytesView line, const PublicKey& key) {
  auto envelope = parse_envelope(line);
  if (!envelope.ok()) return invalid("an envelope", envelope.error().where);
  const auto& [type, payload, signatures] = envelope.value();
  if (type != payload_type || signatures.size() != 1 || signatures.front().key != key.id())
    return invalid("one signature by " + key.id().text(), "another");
  TRY(key.verify(pre_authentication_encoding(type, payload), signatures.front().signature,
                 Code::scan_cache_invalid));
  return payload;
}

struct Head {
  std::string engine;
  std::string version;
  std::string database;
  Sha256Digest digests;
};

Result<Head> parse_head(BytesView payload) {
  const auto document = TRY(JsonDocument::parse(payload, head_size_max, Code::scan_cache_invalid));
  auto top = TRY(document.object());
  TRY(top.expect("schema", schema));
  auto engine = TRY(top.text("engine", 100));
  auto version = TRY(top.text("version", 200));
  auto database = TRY(top.text("database", 200));
  const auto digests = TRY(fields::parsed<Sha256Digest>(top, "sha256"));
  TRY(top.finish());
  return Head{std::move(engine), std::move(version), std::move(database), digests};
}

KnownClean digests_in(BytesView bytes) {
  KnownClean all;
  for (; bytes.size() >= FileDigest::size; bytes = bytes.subspan(FileDigest::size)) {
    std::array<std::uint8_t, FileDigest::size> digest{};
    std::copy_n(bytes.begin(), digest.size(), digest.begin());
    all.insert(all.end(), FileDigest(digest));
  }
  return all;
}

}  // namespace

KnownClean joined(const KnownClean& known, const KnownClean& found) {
  KnownClean all = found;
  if (known.size() + found.size() <= scans_max) all.insert(known.begin(), known.end());
  while (all.size() > scans_max) all.erase(all.begin());
  return all;
}

Result<Bytes> print_scans(const EngineInfo& engine, const KnownClean& clean, Signer& signer) {
  Bytes digests;
  digests.reserve(clean.size() * FileDigest::size);
  for (const auto& digest : clean)
    digests.insert(digests.end(), digest.bytes().begin(), digest.bytes().end());
  const auto head = print_head(engine, digests);
  Envelope envelope{std::string(payload_type), copy(as_bytes(head)), {}};
  TRY(deploy::add_signature(envelope, payload_type, signer));
  auto file = copy(as_bytes(print_envelope(envelope)));
  file.insert(file.end(), digests.begin(), digests.end());
  return file;
}

Result<KnownClean> read_scans(BytesView file, const EngineInfo& engine, const PublicKey& key) {
  const auto end = as_text(file.first(std::min<std::size_t>(file.size(), 2 * head_size_max))).find('\n');
  if (end == std::string_view::npos) return invalid("a line and digests", "no line");
  const auto digests = file.subspan(end + 1);
  const auto payload = TRY(verified_head(file.first(end + 1), key));
  const auto head = TRY(parse_head(payload));
  if (head.digests != sha256(digests) || digests.size() % FileDigest::size != 0)
    return invalid(head.digests.text(), "other digests");
  if (head.engine != engine.engine || head.version != engine.version || head.database != engine.database)
    return KnownClean();
  return digests_in(digests);
}

}  // namespace sallyport::intake
