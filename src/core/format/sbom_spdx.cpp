// SPDX-License-Identifier: Apache-2.0
// SPDX 2.2 (ISO/IEC 5962:2021) and 2.3, JSON.
#include <set>

#include "core/format/sbom_reader.h"

namespace sallyport::sbom {
namespace {

constexpr std::string_view prefix = "SPDX-";
constexpr DigestWords words = {"checksums", "algorithm", "checksumValue"};

Result<std::string> read_licence(const JsonNode& package) {
  for (const std::string_view member : {"licenseConcluded", "licenseDeclared"}) {
    auto licence = TRY(text(package, member));
    if (!licence.empty() && licence != "NOASSERTION" && licence != "NONE") return licence;
  }
  return std::string();
}

Result<std::string> read_purl(const JsonNode& package) {
  const auto* list = TRY(objects(package, "externalRefs"));
  if (list == nullptr) return std::string();
  for (const auto& node : *list) {
    if (TRY(text(node, "referenceType")) == "purl") return required_text(node, "referenceLocator");
  }
  return std::string();
}

// The files that the package says it has are among those that are described.
Result<void> check_files(const JsonNode& package, const std::set<std::string>& ids) {
  const auto* node = package.find("hasFiles");
  if (node == nullptr) return {};
  if (node->array() == nullptr) return malformed("hasFiles", "a list", "something else");
  for (const auto& id : *node->array()) {
    if (id.text() == nullptr) return malformed("hasFiles", "a list of texts", "something else in it");
    if (!ids.contains(*id.text())) return malformed("hasFiles", "identifiers of files", *id.text());
  }
  return {};
}

Result<void> read_package(const JsonNode& node, const std::set<std::string>& ids, Sbom& sbom) {
  SbomComponent component;
  component.name = TRY(required_text(node, "name"));
  component.version = TRY(text(node, "versionInfo"));
  component.purl = TRY(read_purl(node));
  auto licence = TRY(read_licence(node));
  if (!licence.empty()) component.licences.push_back(std::move(licence));
  component.digests = TRY(digests(node, words)).all;
  TRY(check_files(node, ids));
  return add(sbom, std::move(component));
}

Result<std::set<std::string>> read_files(const JsonNode& top, Sbom& sbom) {
  std::set<std::string> ids;
  const auto* list = TRY(objects(top, "files"));
  if (list == nullptr) return ids;
  for (const auto& node : *list) {
    auto id = TRY(required_text(node, "SPDXID"));
    if (!ids.insert(id).second) return malformed("SPDXID", "each once", id);
    auto name = TRY(required_text(node, "fileName"));
    auto found = TRY(digests(node, words));
    TRY(add(sbom, std::move(name), std::move(found.counting)));
  }
  return ids;
}

}  // namespace

Result<Sbom> read_spdx(const JsonNode& top) {
  auto version = TRY(text(top, "spdxVersion"));
  if (version != "SPDX-2.2" && version != "SPDX-2.3")
    return malformed("spdxVersion", "SPDX-2.2 or SPDX-2.3", version);
  Sbom sbom{SbomStandard::spdx, version.substr(prefix.size()), {}, {}};
  const auto ids = TRY(read_files(top, sbom));
  const auto* packages = TRY(objects(top, "packages"));
  if (packages == nullptr) return sbom;
  for (const auto& node : *packages) TRY(read_package(node, ids, sbom));
  return sbom;
}

}  // namespace sallyport::sbom
