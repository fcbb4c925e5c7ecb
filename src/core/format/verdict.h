// SPDX-License-Identifier: Apache-2.0
// The verdict of intake: an in-toto Statement v1 (payload type application/vnd.in-toto+json) with
// predicateType `urn:sallyport:verdict:v1`. docs/spec/statement.md. One spelling, as dsse.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/id.h"
#include "core/base/time.h"
#include "core/crypto/digest.h"
#include "core/format/attestation.h"
#include "core/format/statement.h"

namespace sallyport {

// excepted: there are findings, and an approved exception for each of them.
enum class Outcome : std::uint8_t { clean, not_clean, excepted };

struct EngineRecord {
  std::string engine;           // "clamd"
  std::string version;          // "ClamAV 1.4.6"
  std::string database;         // its version, as the engine names it
  Instant database_time;        // when it was published
  std::uint64_t files_scanned;  // distinct contents handed over and answered
  std::uint64_t bytes_scanned;
};

struct Finding {
  std::string code;  // name of a Code: malware-found, scan-incomplete, …
  std::string
      where;  // path in the release, or member of the package; behind it what of an archive there it is about
  FileDigest digest;   // of the content concerned
  std::string detail;  // the engine's words
  std::optional<FileDigest> member =
      {};  // of what lies in the content, if it is an archive, and is concerned
};

struct Verdict {
  std::string package_name;  // a label for people
  Sha256Digest package;      // of the whole .csar file
  Sha256Digest release;      // of tree.json
  ProductId product;
  std::string version;
  std::uint64_t counter;
  SourceId source;      // whose signature was verified
  std::string signer;   // subject of the leaf certificate
  Sha256Digest policy;  // digest of the policy file that intake went by
  std::uint64_t policy_version;
  IntakeId intake;
  Instant time;
  std::uint64_t files_total;  // distinct contents and members that had to be scanned
  std::uint64_t bytes_total;
  std::vector<EngineRecord> engines;  // at least one
  Outcome outcome;
  std::vector<Finding> findings;  // empty if and only if the outcome is clean
  // Envelopes of exceptions (scan_exception.h), in order, each once; some if and only if the outcome is excepted.
  std::vector<std::string> exceptions = {};
  std::vector<AttestationRecord> attestations = {};  // that the policy asks for, as intake accepted them
};

constexpr std::size_t exceptions_max = 64;
constexpr std::size_t exception_size_max = 65536;

std::string_view word(Outcome outcome);  // "clean", "not-clean", "excepted"

constexpr std::string_view verdict_predicate_type = "urn:sallyport:verdict:v1";

// Of the envelope's payload. statement_malformed, or statement_type_mismatch for another predicateType.
Result<Verdict> parse_verdict(BytesView payload);
// Whoever prints a statement to sign it parses it first: what parse_verdict refuses must not be signed.
std::string print_verdict(const Verdict& verdict);

}  // namespace sallyport
