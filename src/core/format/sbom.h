// SPDX-License-Identifier: Apache-2.0
// Bills of materials as other tools write them: CycloneDX 1.4 to 1.6 and SPDX 2.2 and 2.3, as JSON. docs/spec/sbom.md
// says which members are read, and which of them name files. Nothing is verified here.
//
// Members that are not known are passed over, since the standards are large; duplicates, depth and size are refused.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/crypto/digest.h"

namespace sallyport {

struct SbomDigest {
  Sha2 algorithm;
  Bytes digest;
};

struct SbomComponent {
  std::string name;
  std::string version;                // may be empty
  std::string purl;                   // package URL; may be empty
  std::vector<std::string> licences;  // names or expressions
  std::vector<std::string> digests;   // "SHA-256 0123…", of any algorithm: for people
};

// One naming of a file: the same file may be named several times.
struct SbomFile {
  std::string path;  // relative, without a leading ./ or /; anything else a tool may call a file
  std::vector<SbomDigest> digests;  // those that count; none where the construct has none
};

enum class SbomStandard : std::uint8_t { cyclonedx, spdx };

struct Sbom {
  SbomStandard standard;
  std::string version;  // of the standard, "1.5"
  std::vector<SbomComponent> components;
  std::vector<SbomFile> files;  // none: it names components only
};

constexpr std::uint64_t sbom_size_max = 16ULL << 20U;

// By what the text says that it is: sbom_malformed.
Result<Sbom> parse_sbom(BytesView json);

// "CycloneDX 1.5, 41 components, 9 files named", "…, names components only"
std::string describe(const Sbom& sbom);
// "zlib1g 1:1.2.13, pkg:deb/debian/zlib1g@1.2.13, Zlib"
std::string describe(const SbomComponent& component);

}  // namespace sallyport
