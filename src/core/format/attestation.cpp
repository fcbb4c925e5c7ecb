// SPDX-License-Identifier: Apache-2.0
#include "core/format/attestation.h"

#include <algorithm>
#include <array>

#include "core/base/text.h"
#include "core/format/attestation_kinds.h"
#include "core/format/json_tree.h"
#include "core/format/statement.h"

namespace sallyport {
namespace {

constexpr std::size_t signatures_max = 16;
constexpr std::size_t signature_size_max = 5120;
constexpr std::size_t hint_size_max = 512;
constexpr std::size_t subjects_max = 100000;
constexpr std::size_t digests_max = 32;
constexpr std::size_t name_size_max = 4096;
constexpr std::size_t type_size_max = 200;
constexpr std::array<std::string_view, 2> statement_types = {"https://in-toto.io/Statement/v1",
                                                             "https://in-toto.io/Statement/v0.1"};

struct KnownKind {
  std::string_view predicate_type;
  std::string_view name;
  std::array<std::string_view, 3>
      maker;  // members, one in another, that lead to who made it; empty ones end it
  bool maker_required;
};
constexpr std::array<KnownKind, 6> kinds = {{
    {"https://slsa.dev/provenance/v1", "SLSA provenance v1", {"runDetails", "builder", "id"}, true},
    {"https://slsa.dev/provenance/v0.2", "SLSA provenance v0.2", {"builder", "id", ""}, true},
    {"https://in-toto.io/attestation/vulns", "scan for vulnerabilities", {"scanner", "uri", ""}, false},
    {"https://in-toto.io/attestation/vulns/v0.1", "scan for vulnerabilities", {"scanner", "uri", ""}, false},
    {"https://in-toto.io/attestation/vulns/v0.2", "scan for vulnerabilities", {"scanner", "uri", ""}, false},
    {"https://cosign.sigstore.dev/attestation/vuln/v1",
     "scan for vulnerabilities",
     {"scanner", "uri", ""},
     false},
}};
struct KnownFamily {
  std::string_view predicate_type;  // itself, or with "/…" behind it
  std::string_view name;
};
constexpr std::array<KnownFamily, 2> families = {
    {{"https://cyclonedx.org/bom", "bill of materials (CycloneDX)"},
     {"https://spdx.dev/Document", "bill of materials (SPDX)"}}};

const KnownKind* find_kind(std::string_view predicate_type) {
  const auto* const found = std::find_if(kinds.begin(), kinds.end(), [&](const KnownKind& kind) {
    return kind.predicate_type == predicate_type;
  });
  return found == kinds.end() ? nullptr : found;
}

class Reader {
 public:
  explicit Reader(std::string_view where) : where_(where) {}

  Error malformed(std::string_view member, std::string expected, std::string found) const {
    return {Code::attestation_malformed, where_ + ": " + std::string(member), std::move(expected),
            printable(found.substr(0, 200))};
  }

  Result<JsonNode> object_of(BytesView text) const {
    auto node = parse_json_tree(text, attestation_size_max, Code::attestation_malformed, JsonNumbers::any);
    if (!node.ok()) {
      const auto& error = node.error();
      return malformed(error.where, error.expected, error.found);
    }
    if (node.value().object() == nullptr) return malformed("JSON", "an object", "something else");
    return node;
  }

  Result<std::string> text(const JsonNode& object, std::string_view name, std::size_t size_max) const {
    const auto* node = object.find(name);
    if (node == nullptr || node->text() == nullptr)
      return malformed(name, "a text", node == nullptr ? "none" : "something else");
    const auto& found = *node->text();
    if (found.size() > size_max || !is_plain_text(found))
      return malformed(name, "at most " + std::to_string(size_max) + " bytes of plain text", found);
    return found;
  }
  Result<std::string> text_or_nothing(const JsonNode& object, std::string_view name,
                                      std::size_t size_max) const {
    if (object.find(name) == nullptr) return std::string();
    return text(object, name, size_max);
  }

  // Standard or URL-safe alphabet, with its padding or without: DSSE leaves it to who signs.
  Result<Bytes> base64(const JsonNode& object, std::string_view name, std::size_t size_max) const {
    auto encoded = TRY(text(object, name, (size_max + 2) / 3 * 4));
    if (encoded.find_first_of("+/") == std::string::npos) {
      std::replace(encoded.begin(), encoded.end(), '-', '+');
      std::replace(encoded.begin(), encoded.end(), '_', '/');
    }
    if (encoded.find('=') == std::string::npos) encoded.append((4 - encoded.size() % 4) % 4, '=');
    auto bytes = parse_base64(encoded, size_max);
    if (!bytes.ok() || bytes.value().empty())
      return malformed(name, "base64 of 1 to " + std::to_string(size_max) + " bytes", encoded.substr(0, 40));
    return bytes;
  }

  Result<const JsonNode::Array*> array(const JsonNode& object, std::string_view name,
                                       std::size_t count_max) const {
    const auto* node = object.find(name);
    const auto* found = node == nullptr ? nullptr : node->array();
    const auto count = found == nullptr ? 0 : found->size();
    if (count == 0 || count > count_max)
      return malformed(name, "a list of 1 to " + std::to_string(count_max),
                       found == nullptr ? "none" : std::to_string(count));
    return found;
  }

 private:
  std::string where_;
};

Result<AttestationSubject> read_subject(const Reader& reader, const JsonNode& node) {
  if (node.object() == nullptr) return reader.malformed("subject", "objects", "something else");
  AttestationSubject subject{TRY(reader.text_or_nothing(node, "name", name_size_max)), {}};
  const auto* digests = node.find("digest");
  if (digests == nullptr || digests->object() == nullptr || digests->object()->empty() ||
      digests->object()->size() > digests_max)
    return reader.malformed("subject.digest", "an object of 1 to 32 digests", "something else");
  for (const auto& [algorithm, value] : *digests->object()) {
    if (value.text() == nullptr) return reader.malformed("subject.digest", "texts", "something else");
    if (algorithm != "sha256") continue;
    const auto digest = Sha256Digest::parse(*value.text());
    if (!digest.ok())
      return reader.malformed("subject.digest.sha256", "64 hexadecimal digits", *value.text());
    subject.sha256 = digest.value();
  }
  return subject;
}

Result<std::string> read_maker(const Reader& reader, const JsonNode& statement, std::string_view type) {
  const auto* node = statement.find("predicate");
  if (node != nullptr && node->object() == nullptr)
    return reader.malformed("predicate", "an object", "something else");
  const auto* kind = find_kind(type);
  if (kind == nullptr) return std::string();
  for (const auto member : kind->maker) {
    if (node != nullptr && !member.empty()) node = node->find(member);
  }
  const auto* text = node == nullptr ? nullptr : node->text();
  const bool usable =
      text != nullptr && !text->empty() && text->size() <= name_size_max && is_plain_text(*text);
  if (usable) return *text;
  if (!kind->maker_required && text == nullptr) return std::string();
  return reader.malformed("predicate", "who built it, in plain text", text == nullptr ? "nobody" : *text);
}

Result<void> read_statement(const Reader& reader, Attestation& attestation) {
  const auto statement = TRY(reader.object_of(attestation.payload));
  const auto type = TRY(reader.text(statement, "_type", type_size_max));
  if (std::find(statement_types.begin(), statement_types.end(), type) == statement_types.end())
    return reader.malformed("_type", "an in-toto statement, v1 or v0.1", type);
  attestation.predicate_type = TRY(reader.text(statement, "predicateType", type_size_max));
  if (!is_predicate_type(attestation.predicate_type))
    return reader.malformed("predicateType", "a URI", attestation.predicate_type);
  const auto* subjects = TRY(reader.array(statement, "subject", subjects_max));
  for (const auto& node : *subjects) attestation.subjects.push_back(TRY(read_subject(reader, node)));
  attestation.maker = TRY(read_maker(reader, statement, attestation.predicate_type));
  return {};
}

}  // namespace

bool is_predicate_type(std::string_view text) {
  return text.size() >= 3 && text.size() <= type_size_max && is_plain_text(text) &&
         text.find(':') != std::string_view::npos && text.find(' ') == std::string_view::npos;
}

Result<Attestation> parse_attestation(BytesView envelope, std::string_view where) {
  const Reader reader(where);
  const auto top = TRY(reader.object_of(envelope));
  const auto type = TRY(reader.text(top, "payloadType", type_size_max));
  if (type != statement_payload_type)
    return reader.malformed("payloadType", std::string(statement_payload_type), type);
  Attestation attestation;
  attestation.payload = TRY(reader.base64(top, "payload", attestation_size_max));
  const auto* signatures = TRY(reader.array(top, "signatures", signatures_max));
  for (const auto& node : *signatures) {
    auto hint = TRY(reader.text_or_nothing(node, "keyid", hint_size_max));
    auto bytes = TRY(reader.base64(node, "sig", signature_size_max));
    attestation.signatures.push_back({std::move(hint), std::move(bytes)});
  }
  TRY(read_statement(reader, attestation));
  return attestation;
}

bool names_its_maker(std::string_view predicate_type) {
  return find_kind(predicate_type) != nullptr;
}

std::string attestation_kind(std::string_view predicate_type) {
  if (const auto* kind = find_kind(predicate_type)) return std::string(kind->name);
  for (const auto& family : families) {
    if (predicate_type == family.predicate_type ||
        predicate_type.starts_with(std::string(family.predicate_type) + "/"))
      return std::string(family.name);
  }
  return std::string(predicate_type);
}

std::string describe(const AttestationRecord& record) {
  return attestation_kind(record.predicate_type) + (record.maker.empty() ? "" : " by " + record.maker) +
         ", about " + record.about + ", key " + record.key.brief();
}

}  // namespace sallyport
