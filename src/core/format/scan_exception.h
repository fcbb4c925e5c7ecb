// SPDX-License-Identifier: Apache-2.0
// The exception for a finding of intake: an in-toto Statement v1 with predicateType `urn:sallyport:scan-exception:v1`.
// docs/spec/statement.md. One content, what one engine says of it, one pool, until a time. One spelling, as dsse.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/id.h"
#include "core/base/time.h"
#include "core/crypto/digest.h"
#include "core/format/describe.h"
#include "core/format/verdict.h"

namespace sallyport {

struct ScanException {
  std::string name;       // where it was found, a label for people: what counts is the content
  FileDigest content;     // that the finding is about: of the package, or in an archive there
  std::string code;       // of the finding: malware-found, secret-found, content-disguised
  std::string engine;     // whose words they are
  std::string signature;  // the words, all of them
  PoolId pool;            // whose persons take the risk, and whose nodes it is for
  Instant until;          // its end does not belong to it
  Instant time;
  PersonId proposer;
  std::string reason;  // plain text, 1 to 1000 bytes
  bool operator==(const ScanException&) const = default;
};

constexpr std::string_view scan_exception_predicate_type = "urn:sallyport:scan-exception:v1";
constexpr std::size_t scan_exception_reason_size_max = 1000;

// Of the envelope's payload. statement_malformed, or statement_type_mismatch for another predicateType.
Result<ScanException> parse_scan_exception(BytesView payload);
// Whoever prints a statement to sign it parses it first: what the parser refuses must not be signed.
std::string print_scan_exception(const ScanException& exception);

// What an engine said in a finding, without its name and without what others say. `engines` is that of the verdict.
struct EngineWords {
  std::string engine;
  std::string words;
  bool operator==(const EngineWords&) const = default;
};
std::optional<EngineWords> words_of(const Finding& finding, const std::vector<EngineRecord>& engines);

// Whether an engine's words can be excepted: they name one thing, whole, of the content itself.
bool say_all(std::string_view words);
// Whether there can be an exception for it: of a code that may have one, and by words that are whole.
bool may_have_exception(const Finding& finding, const std::vector<EngineRecord>& engines);
// The content that it is about: the member of an archive in which it was found, if it is that.
FileDigest about(const Finding& finding);
// Whether it is about this finding: same content, code, engine and words.
enum class Covers : std::uint8_t { it, another };
Covers covers(const ScanException& exception, const Finding& finding,
              const std::vector<EngineRecord>& engines);

// Every field, for screens. Does not compile when the statement has one that it does not know.
std::vector<Field> scan_exception_fields(const ScanException& exception);

}  // namespace sallyport
