// SPDX-License-Identifier: Apache-2.0
// The manifest of a package that any tool may have made (ETSI GS NFV-SOL 004 V2.4.1 to V4.x clause 4.3.2, and SOL007
// for network services), with everything that is wrong with it. docs/spec/foreign.md.
//
// Other than parse_manifest, which is for our own profile: entries may have their lines in any order, per-artifact
// signatures and certificates, digests in the spellings that tools write, further metadata and sets of non-MANO
// artifacts. What no release describes is a finding, unless it is tolerated by name.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/base/findings.h"
#include "core/base/path.h"
#include "core/crypto/digest.h"
#include "core/format/tolerance.h"

namespace sallyport {

struct Sol004Entry {
  std::size_t line;  // of its first line, from 1
  RelativePath source;
  Sha2 algorithm;
  Bytes digest;  // of the algorithm's length
  std::optional<RelativePath> signature;
  std::optional<RelativePath> certificate;
};

// What a set of non-MANO artifacts names.
struct Sol004SetSource {
  std::size_t line;
  RelativePath source;
};

enum class Sol004Kind : std::uint8_t { vnf, pnf, ns };
std::string_view name(Sol004Kind kind);

// Texts as they stand there: none of them is a date or a version to anybody but people.
struct Sol004Manifest {
  Sol004Kind kind = Sol004Kind::vnf;
  std::string provider;
  std::string product;
  std::string version;
  std::string released;
  std::vector<Sol004Entry> entries;  // every Source once
  std::vector<Sol004SetSource> in_sets;
  std::vector<std::string> external;  // addresses that were passed over
};

// How many entries there may be: the limit of members of an archive.
constexpr std::size_t sol004_entries_max = 4096;

// Of the octets before the signature, or of all where there is none. With findings the result is only for looking for
// more of them.
Sol004Manifest parse_sol004_manifest(BytesView octets, Leniency& leniency, Findings& findings);

}  // namespace sallyport
