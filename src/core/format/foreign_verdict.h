// SPDX-License-Identifier: Apache-2.0
// The verdict of intake about a package of another tool: an in-toto Statement v1 with predicateType
// `urn:sallyport:foreign-verdict:v1`. docs/spec/statement.md. One spelling, as dsse.h.
//
// It is a type of its own, in the bytes and here: such a package has no release, so nothing that installs can be
// given a word about it by mistake.
#pragma once

#include <string>
#include <vector>

#include "core/format/tolerance.h"
#include "core/format/verdict.h"

namespace sallyport {

enum class SecurityOption : std::uint8_t { option_1, option_2 };  // of SOL004, clause 5.1
std::string_view name(SecurityOption option);

struct ForeignVerdict {
  std::string package_name;  // a label for people
  Sha256Digest package;      // of the whole file
  SecurityOption option;
  ProductId product;  // by which sources were looked up
  std::string name;   // provider, name and version as the manifest has them: texts for people
  std::string version;
  std::string provider;
  SourceId source;      // whose signature was verified
  std::string signer;   // subject of the leaf certificate
  Sha256Digest policy;  // digest of the policy file that intake went by
  std::uint64_t policy_version;
  IntakeId intake;
  Instant time;
  std::uint64_t files_total;          // members that had to be scanned
  std::uint64_t bytes_total;          // after decoding
  std::vector<EngineRecord> engines;  // at least one
  Outcome outcome;
  std::vector<Finding> findings;     // empty if and only if the outcome is clean
  std::vector<Tolerated> tolerated;  // what was passed over by name, in the order of Tolerance, each once
};

constexpr std::string_view foreign_verdict_predicate_type = "urn:sallyport:foreign-verdict:v1";

// Of each text of a manifest that goes into a verdict. `where` of a tolerated deviation.
constexpr std::size_t foreign_label_max = 200;
constexpr std::size_t tolerated_where_max = 4096;

// Of the envelope's payload. statement_malformed, or statement_type_mismatch for another predicateType.
Result<ForeignVerdict> parse_foreign_verdict(BytesView payload);
// Whoever prints a statement to sign it parses it first: what parse_foreign_verdict refuses must not be signed.
std::string print_foreign_verdict(const ForeignVerdict& verdict);

}  // namespace sallyport
