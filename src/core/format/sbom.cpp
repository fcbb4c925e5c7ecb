// SPDX-License-Identifier: Apache-2.0
#include "core/format/sbom.h"

#include <algorithm>
#include <optional>

#include "core/base/text.h"
#include "core/format/sbom_reader.h"

namespace sallyport {
namespace sbom {
namespace {

// Both standards' names: "SHA-256" and "SHA256".
std::optional<Sha2> counting(std::string_view algorithm) {
  if (algorithm == "SHA-256" || algorithm == "SHA256") return Sha2::sha256;
  if (algorithm == "SHA-384" || algorithm == "SHA384") return Sha2::sha384;
  if (algorithm == "SHA-512" || algorithm == "SHA512") return Sha2::sha512;
  return std::nullopt;
}

std::size_t size_of(Sha2 algorithm) {
  if (algorithm == Sha2::sha256) return 32;
  return algorithm == Sha2::sha384 ? 48 : 64;
}

}  // namespace

Error malformed(std::string_view where, std::string expected, std::string_view found) {
  return {Code::sbom_malformed, std::string(where), std::move(expected), printable(found.substr(0, 200))};
}

Result<std::string> text(const JsonNode& object, std::string_view name) {
  const auto* node = object.find(name);
  if (node == nullptr) return std::string();
  if (node->text() == nullptr) return malformed(name, "a text", "something else");
  const auto& found = *node->text();
  if (found.size() > text_size_max || !is_plain_text(found))
    return malformed(name, "at most " + std::to_string(text_size_max) + " bytes of plain text", found);
  return found;
}

Result<std::string> required_text(const JsonNode& object, std::string_view name) {
  auto found = TRY(text(object, name));
  if (found.empty()) return malformed(name, "a text", "none");
  return found;
}

Result<const JsonNode::Array*> objects(const JsonNode& object, std::string_view name) {
  const auto* node = object.find(name);
  if (node == nullptr) return static_cast<const JsonNode::Array*>(nullptr);
  const auto* list = node->array();
  if (list == nullptr) return malformed(name, "a list", "something else");
  const bool right =
      std::all_of(list->begin(), list->end(), [](const JsonNode& one) { return one.object() != nullptr; });
  if (!right) return malformed(name, "a list of objects", "something else in it");
  return list;
}

Result<Digests> digests(const JsonNode& object, const DigestWords& words) {
  Digests found;
  const auto* list = TRY(objects(object, words.list));
  if (list == nullptr) return found;
  for (const auto& node : *list) {
    const auto algorithm = TRY(required_text(node, words.algorithm));
    auto value = TRY(required_text(node, words.value));
    std::transform(value.begin(), value.end(), value.begin(),
                   [](char c) { return c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c; });
    found.all.push_back(algorithm + " " + value);
    const auto known = counting(algorithm);
    if (!known) continue;
    auto bytes = parse_hex(value, size_of(*known));
    if (!bytes.ok() || bytes.value().size() != size_of(*known))
      return malformed(words.value, std::to_string(2 * size_of(*known)) + " hexadecimal digits", value);
    found.counting.push_back({*known, std::move(bytes).value()});
  }
  return found;
}

Result<void> add(Sbom& sbom, SbomComponent component) {
  if (sbom.components.size() == components_max)
    return malformed("components", "at most " + std::to_string(components_max), "more");
  sbom.components.push_back(std::move(component));
  return {};
}

Result<void> add(Sbom& sbom, std::string path, std::vector<SbomDigest> digests) {
  if (sbom.files.size() == files_max)
    return malformed("files", "at most " + std::to_string(files_max), "more");
  if (path.starts_with("./"))
    path.erase(0, 2);
  else if (path.starts_with('/'))
    path.erase(0, 1);
  sbom.files.push_back({std::move(path), std::move(digests)});
  return {};
}

}  // namespace sbom

Result<Sbom> parse_sbom(BytesView json) {
  const auto top = TRY(parse_json_tree(json, sbom_size_max, Code::sbom_malformed, JsonNumbers::any));
  if (top.object() == nullptr) return sbom::malformed("JSON", "an object", "something else");
  const bool cyclonedx = top.find("bomFormat") != nullptr;
  const bool spdx = top.find("spdxVersion") != nullptr;
  if (cyclonedx == spdx)
    return sbom::malformed("JSON", "bomFormat or spdxVersion", cyclonedx ? "both" : "neither");
  return cyclonedx ? sbom::read_cyclonedx(top) : sbom::read_spdx(top);
}

std::string describe(const Sbom& sbom) {
  const std::string standard = sbom.standard == SbomStandard::cyclonedx ? "CycloneDX " : "SPDX ";
  const std::string files = sbom.files.empty()
                                ? "names components only"
                                : "files named " + std::to_string(sbom.files.size()) + " times";
  return standard + sbom.version + ", " + std::to_string(sbom.components.size()) + " components, " + files;
}

std::string describe(const SbomComponent& component) {
  std::string text = component.name + (component.version.empty() ? "" : " " + component.version);
  if (!component.purl.empty()) text += ", " + component.purl;
  for (const auto& licence : component.licences) text += ", " + licence;
  for (const auto& digest : component.digests) text += ", " + digest;
  return text;
}

}  // namespace sallyport
