// SPDX-License-Identifier: Apache-2.0
// CycloneDX 1.4 to 1.6 (ECMA-424), JSON.
#include <algorithm>
#include <array>

#include "core/format/sbom_reader.h"

namespace sallyport::sbom {
namespace {

constexpr std::array<std::string_view, 3> versions = {"1.4", "1.5", "1.6"};
constexpr DigestWords words = {"hashes", "alg", "content"};

Result<std::vector<std::string>> read_licences(const JsonNode& component) {
  std::vector<std::string> licences;
  const auto* list = TRY(objects(component, "licenses"));
  if (list == nullptr) return licences;
  for (const auto& node : *list) {
    const auto* licence = node.find("license");
    if (licence != nullptr && licence->object() == nullptr)
      return malformed("license", "an object", "something else");
    auto name = licence == nullptr ? TRY(text(node, "expression")) : TRY(text(*licence, "id"));
    if (name.empty() && licence != nullptr) name = TRY(text(*licence, "name"));
    if (!name.empty()) licences.push_back(std::move(name));
  }
  return licences;
}

Result<void> read_occurrences(const JsonNode& component, Sbom& sbom) {
  const auto* evidence = component.find("evidence");
  if (evidence == nullptr) return {};
  if (evidence->object() == nullptr) return malformed("evidence", "an object", "something else");
  const auto* list = TRY(objects(*evidence, "occurrences"));
  if (list == nullptr) return {};
  for (const auto& node : *list) {
    auto location = TRY(required_text(node, "location"));
    if (location.find("://") == std::string::npos) TRY(add(sbom, std::move(location), {}));
  }
  return {};
}

Result<void> read_component(const JsonNode& node, Sbom& sbom) {
  const auto type = TRY(required_text(node, "type"));
  auto name = TRY(required_text(node, "name"));
  auto found = TRY(digests(node, words));
  TRY(read_occurrences(node, sbom));
  if (type == "file") return add(sbom, std::move(name), std::move(found.counting));
  auto version = TRY(text(node, "version"));
  auto purl = TRY(text(node, "purl"));
  auto licences = TRY(read_licences(node));
  return add(sbom, SbomComponent{std::move(name), std::move(version), std::move(purl), std::move(licences),
                                 std::move(found.all)});
}

}  // namespace

Result<Sbom> read_cyclonedx(const JsonNode& top) {
  const auto format = TRY(text(top, "bomFormat"));
  if (format != "CycloneDX") return malformed("bomFormat", "CycloneDX", format);
  auto version = TRY(text(top, "specVersion"));
  if (std::find(versions.begin(), versions.end(), version) == versions.end())
    return malformed("specVersion", "1.4, 1.5 or 1.6", version);
  Sbom sbom{SbomStandard::cyclonedx, std::move(version), {}, {}};

  // Components hold components. In the order of the text; what is open is kept here and not on the stack.
  std::vector<const JsonNode*> open;
  const auto open_inner = [&](const JsonNode& outer) -> Result<void> {
    const auto* list = TRY(objects(outer, "components"));
    if (list == nullptr) return {};
    for (auto one = list->rbegin(); one != list->rend(); ++one) open.push_back(&*one);
    return {};
  };
  TRY(open_inner(top));
  const auto* metadata = top.find("metadata");
  const auto* described = metadata == nullptr ? nullptr : metadata->find("component");
  if (described != nullptr) TRY(open_inner(*described));
  while (!open.empty()) {
    const auto& node = *open.back();
    open.pop_back();
    TRY(read_component(node, sbom));
    TRY(open_inner(node));
  }
  return sbom;
}

}  // namespace sallyport::sbom
