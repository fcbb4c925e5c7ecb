// SPDX-License-Identifier: Apache-2.0
// What the readers of CycloneDX and SPDX share. For sbom*.cpp alone.
#pragma once

#include "core/format/json_tree.h"
#include "core/format/sbom.h"

namespace sallyport::sbom {

constexpr std::size_t components_max = 200000;
constexpr std::size_t files_max = 200000;
constexpr std::size_t text_size_max = 4096;

Error malformed(std::string_view where, std::string expected, std::string_view found);

// A text, or empty when the member is absent.
Result<std::string> text(const JsonNode& object, std::string_view name);
Result<std::string> required_text(const JsonNode& object, std::string_view name);
// A list of objects, or null when the member is absent.
Result<const JsonNode::Array*> objects(const JsonNode& object, std::string_view name);

struct Digests {
  std::vector<SbomDigest> counting;
  std::vector<std::string> all;
};
// `{"alg": …, "content": …}`, by the names that the standard has for the two.
struct DigestWords {
  std::string_view list;
  std::string_view algorithm;
  std::string_view value;
};
Result<Digests> digests(const JsonNode& object, const DigestWords& words);

Result<void> add(Sbom& sbom, SbomComponent component);
Result<void> add(Sbom& sbom, std::string path, std::vector<SbomDigest> digests);

Result<Sbom> read_cyclonedx(const JsonNode& top);
Result<Sbom> read_spdx(const JsonNode& top);

}  // namespace sallyport::sbom
