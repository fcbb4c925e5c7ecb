// SPDX-License-Identifier: Apache-2.0
#include "core/format/provenance.h"

#include <algorithm>
#include <array>
#include <set>

#include "core/base/text.h"
#include "core/format/fields.h"
#include "core/format/json.h"
#include "core/format/json_writer.h"
#include "core/format/tolerance.h"

namespace sallyport {
namespace {

constexpr std::string_view schema = "sallyport-provenance-1";
constexpr std::string_view folder = "Files/Provenance/";
constexpr std::string_view record = "Files/Provenance/provenance.json";
constexpr std::string_view originals_folder = "Files/Provenance/originals/";
constexpr std::size_t text_size_max = 1000;
constexpr std::size_t scripts_max = 64;
constexpr auto malformed_code = Code::provenance_malformed;

constexpr std::array<std::string_view, 5> kinds{"tar", "deb", "oci", "csar", "rpm"};
constexpr std::array<std::string_view, 5> forms{"cms", "raw", "openpgp", "policy", "digest"};
constexpr std::array<std::string_view, 4> roles{"payload", "signature", "index", "publisher-key"};

template <class Enum, std::size_t count>
std::string_view word(const std::array<std::string_view, count>& words, Enum value) {
  return words.at(static_cast<std::size_t>(value));
}

template <class Enum, std::size_t count>
Result<Enum> find_word(JsonObject& object, std::string_view name,
                       const std::array<std::string_view, count>& words) {
  const auto text = TRY(object.text(name, 100));
  const auto found = std::find(words.begin(), words.end(), text);
  if (found == words.end()) return object.malformed(name, "a word of docs/spec/wrap.md", text);
  return static_cast<Enum>(found - words.begin());
}

Error malformed(std::string_view where, std::string_view expected, std::string_view found) {
  return {malformed_code, std::string(where), std::string(expected), printable(found.substr(0, 300))};
}

bool is_key(std::string_view text) {
  return (text.size() == 40 || text.size() == 64) && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

Result<PublisherSigner> parse_signer(JsonObject input) {
  auto object = TRY(input.object("signer"));
  const auto form = TRY(find_word<SignerForm>(object, "form", forms));
  auto key = TRY(object.text("key", 64));
  if (!is_key(key)) return object.malformed("key", "40 or 64 hexadecimal digits", key);
  auto name = TRY(object.text("name", text_size_max));
  TRY(object.finish());
  return PublisherSigner{form, std::move(key), std::move(name)};
}

Result<ProvenanceInput> parse_input(JsonObject object) {
  const auto kind = TRY(find_word<InputKind>(object, "kind", kinds));
  auto original = TRY(RelativePath::parse(TRY(object.text("original", 4095))));
  auto member = TRY(object.text("member", 4095));
  if (!member.empty()) TRY(RelativePath::parse(member));
  auto signer = TRY(parse_signer(object));
  ProvenanceInput input{kind, std::move(original), std::move(signer), {}, {}, std::move(member)};
  const auto chain = TRY(object.array("chain", originals_max));
  for (std::size_t i = 0; i < chain.size(); ++i)
    input.chain.push_back(TRY(RelativePath::parse(TRY(chain.text(i, 4095)))));
  const auto scripts = TRY(object.array("not_run", scripts_max));
  for (std::size_t i = 0; i < scripts.size(); ++i) input.not_run.push_back(TRY(scripts.text(i, 100)));
  if (!object.has("tolerated")) return input;
  const auto tolerated = TRY(object.array("tolerated", all_tolerances().size()));
  for (std::size_t i = 0; i < tolerated.size(); ++i) input.tolerated.push_back(TRY(tolerated.text(i, 100)));
  return input;
}

Result<Original> parse_original(JsonObject object) {
  auto path = TRY(RelativePath::parse(TRY(object.text("name", 4095))));
  const auto role = TRY(find_word<OriginalRole>(object, "role", roles));
  const auto size = TRY(object.number("size", fields::number_max));
  const auto digest = TRY(fields::parsed<Sha256Digest>(object, "sha256"));
  TRY(object.finish());
  return Original{std::move(path), role, size, digest};
}

void print_input(JsonWriter& to, const ProvenanceInput& input) {
  to.begin_object().text("kind", word(kinds, input.kind)).text("original", input.original.text());
  to.text("member", input.member).key("signer").begin_object().text("form", word(forms, input.signer.form));
  to.text("key", input.signer.key).text("name", input.signer.name).end_object();
  to.key("chain").begin_array();
  for (const auto& one : input.chain) to.text(one.text());
  to.end_array().key("not_run").begin_array();
  for (const auto& one : input.not_run) to.text(one);
  to.end_array();
  if (!input.tolerated.empty()) {
    to.key("tolerated").begin_array();
    for (const auto& one : input.tolerated) to.text(one);
    to.end_array();
  }
  to.end_object();
}

std::string print(const Provenance& provenance) {
  JsonWriter to;
  to.begin_object().text("schema", schema).text("tool", provenance.tool);
  to.key("inputs").begin_array();
  for (const auto& input : provenance.inputs) print_input(to, input);
  to.end_array().number("laid_over", provenance.laid_over).key("originals").begin_array();
  for (const auto& one : provenance.originals) {
    to.begin_object().text("name", one.name.text()).text("role", word(roles, one.role));
    to.number("size", one.size).text("sha256", one.sha256.text()).end_object();
  }
  to.end_array().end_object();
  return to.take() + "\n";
}

Result<Provenance> parse_members(BytesView json) {
  const auto document = TRY(JsonDocument::parse(json, provenance_size_max, malformed_code));
  auto top = TRY(document.object());
  TRY(top.expect("schema", schema));
  auto tool = TRY(fields::label(top, "tool", 100));
  Provenance provenance{std::move(tool), {}, 0, {}};
  const auto inputs = TRY(top.array("inputs", originals_max));
  for (std::size_t i = 0; i < inputs.size(); ++i)
    provenance.inputs.push_back(TRY(parse_input(TRY(inputs.object(i)))));
  provenance.laid_over = TRY(top.number("laid_over", fields::number_max));
  const auto originals = TRY(top.array("originals", originals_max));
  for (std::size_t i = 0; i < originals.size(); ++i)
    provenance.originals.push_back(TRY(parse_original(TRY(originals.object(i)))));
  TRY(top.finish());
  return provenance;
}

// Nobody has signed what is pinned by its digest: then it is the original that has it.
Result<void> check_pinned(const Provenance& provenance, const ProvenanceInput& input) {
  if (input.signer.form != SignerForm::digest) return {};
  const auto& all = provenance.originals;
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const Original& one) { return one.name == input.original; });
  if (found != all.end() && found->sha256.text() == input.signer.key) return {};
  return malformed(input.original.text(), "the digest by which it is pinned", input.signer.key);
}

Result<void> check_tolerated(const ProvenanceInput& input) {
  const auto& names = input.tolerated;
  if (!names.empty() && input.kind != InputKind::csar)
    return malformed(input.original.text(), "deviations of a CSAR alone", names.front());
  for (std::size_t i = 0; i < names.size(); ++i) {
    const bool in_order = i == 0 || names[i - 1] < names[i];
    if (!in_order || !find_tolerance(names[i]).ok())
      return malformed(input.original.text(), "names of deviations, sorted, each once", names[i]);
  }
  return {};
}

// What holds for every record, read or to be written.
Result<void> check_names(const Provenance& provenance) {
  std::set<RelativePath> names;
  for (const auto& one : provenance.originals) {
    if (!names.empty() && !(*names.rbegin() < one.name))
      return malformed("originals", "sorted names, each once", one.name.text());
    names.insert(one.name);
  }
  if (provenance.inputs.empty()) return malformed("inputs", "at least one", "none");
  for (const auto& input : provenance.inputs) {
    auto named = input.chain;
    named.push_back(input.original);
    for (const auto& one : named) {
      if (names.count(one) == 0) return malformed(input.original.text(), "names of originals", one.text());
    }
    if (input.chain.empty()) return malformed(input.original.text(), "what proves it", "nothing");
    TRY(check_pinned(provenance, input));
    TRY(check_tolerated(input));
  }
  return {};
}

Result<void> check_original(const Original& one, const ZipDirectory& directory, const Manifest& manifest) {
  const auto name = provenance_member(one.name);
  const auto* member = directory.find(name.text());
  if (member == nullptr) return malformed(name.text(), "the member that provenance.json names", "none");
  if (member->size != one.size)
    return malformed(name.text(), std::to_string(one.size) + " bytes", std::to_string(member->size));
  const auto& entries = manifest.entries;
  const auto listed = std::find_if(entries.begin(), entries.end(),
                                   [&](const ManifestEntry& entry) { return entry.source == name; });
  if (listed == entries.end()) return malformed(name.text(), "an entry of the manifest", "none");
  const bool same = listed->algorithm == Sha2::sha256 && hex(listed->digest) == one.sha256.text();
  return same ? Result<void>() : malformed(name.text(), one.sha256.text(), hex(listed->digest));
}

}  // namespace

std::string_view name(InputKind kind) {
  return word(kinds, kind);
}

std::string_view name(SignerForm form) {
  return word(forms, form);
}

std::string describe_signer(const PublisherSigner& signer) {
  if (signer.form == SignerForm::digest) return "pinned by its digest, " + signer.key;
  return "signed by " + signer.name + ", key " + signer.key;
}

Result<std::string> print_provenance(const Provenance& provenance) {
  TRY(check_names(provenance));
  auto text = print(provenance);
  TRY(parse_provenance(as_bytes(text)));
  return text;
}

Result<Provenance> parse_provenance(BytesView json) {
  auto parsed = parse_members(json);
  // Paths have a code of their own where they stand for themselves.
  if (!parsed.ok())
    return Error(malformed_code, parsed.error().where, parsed.error().expected, parsed.error().found);
  TRY(check_names(parsed.value()));
  if (print(parsed.value()) == as_text(json)) return parsed;
  return malformed("provenance.json", "the one spelling of docs/spec/wrap.md", "another one");
}

const RelativePath& provenance_record() {
  static const RelativePath path = RelativePath::parse(record).value();
  return path;
}

RelativePath provenance_member(const RelativePath& name) {
  const auto parsed = RelativePath::parse(std::string(originals_folder) + name.text());
  // Too long with the folder before it: then no member has the name, and nothing is found under this one either.
  return parsed.ok() ? parsed.value() : name;
}

std::vector<RelativePath> provenance_members(const std::vector<RelativePath>& names) {
  std::vector<RelativePath> found;
  for (const auto& one : names) {
    if (one.text().starts_with(folder) && one.text() != record) found.push_back(one);
  }
  const bool recorded = std::find(names.begin(), names.end(), provenance_record()) != names.end();
  if (found.empty() && !recorded) return {};
  std::sort(found.begin(), found.end());
  found.insert(found.begin(), provenance_record());
  return found;
}

Result<void> check_provenance(const Provenance& provenance, const ZipDirectory& directory,
                              const Manifest& manifest) {
  std::set<RelativePath> known{provenance_record()};
  for (const auto& one : provenance.originals) {
    TRY(check_original(one, directory, manifest));
    known.insert(provenance_member(one.name));
  }
  for (const auto& member : directory.members) {
    if (member.name.text().starts_with(folder) && known.count(member.name) == 0)
      return malformed(member.name.text(), "an original of provenance.json", "none");
  }
  return {};
}

std::vector<Field> provenance_fields(const Provenance& provenance) {
  std::vector<Field> all{{"wrapped by", provenance.tool}};
  for (const auto& input : provenance.inputs) {
    all.push_back({std::string(name(input.kind)),
                   input.original.text() + (input.member.empty() ? "" : ", " + input.member)});
    const bool pinned = input.signer.form == SignerForm::digest;
    all.push_back({pinned ? "pinned by" : "signed by", input.signer.name + ", " +
                                                           std::string(word(forms, input.signer.form)) +
                                                           (pinned ? " " : " key ") + input.signer.key});
    for (const auto& one : input.not_run) all.push_back({"not run", one});
    for (const auto& one : input.tolerated) all.push_back({"tolerated", one});
  }
  if (provenance.laid_over != 0)
    all.push_back({"laid over it", std::to_string(provenance.laid_over) + " entries"});
  for (const auto& one : provenance.originals) {
    all.push_back({std::string(word(roles, one.role)), one.name.text() + ", " + std::to_string(one.size) +
                                                           " bytes, sha256 " + one.sha256.text()});
  }
  return all;
}

namespace {

// Whoever approves should not have to look inside for it.
std::string describe_tolerated(const Provenance& provenance) {
  std::string text;
  for (const auto& input : provenance.inputs) {
    for (const auto& one : input.tolerated) text += (text.empty() ? ", tolerated: " : ", ") + one;
  }
  return text;
}

}  // namespace

std::string describe_provenance(const Provenance& provenance) {
  const auto& first = provenance.inputs.front();
  const auto more = provenance.inputs.size() - 1;
  return first.original.text() + (more == 0 ? "" : " and " + std::to_string(more) + " more") + " (" +
         std::string(name(first.kind)) + "), " + describe_signer(first.signer) +
         describe_tolerated(provenance);
}

}  // namespace sallyport
