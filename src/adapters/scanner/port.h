// SPDX-License-Identifier: Apache-2.0
// A malware scanner: contents go in, one answer a content comes out. docs/spec/scanner.md.
//
// An answer is about every byte of the content that was handed over, or it is not an answer: an engine that
// stopped early, met a limit or could not look inside says not_scanned, and nobody takes that for clean. An
// engine that does not answer at all is a fault (scanner_unreachable, scanner_failed), never a verdict.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "core/base/bytes.h"
#include "core/base/time.h"
#include "core/crypto/digest.h"

namespace sallyport {

// What an engine has to find before its "clean" is believed: malware in archives, malware alone, or nothing,
// because its rules are of the operator's own choice.
enum class EngineTrial : std::uint8_t { malware_in_archives, malware, none };

// Whether it found what everybody finds. One that did not has an empty database, or another than it thinks.
enum class SelfTest : std::uint8_t { passed, finds_nothing };

struct EngineInfo {
  std::string engine;     // "clamd"
  std::string version;    // "ClamAV 1.4.6"
  std::string database;   // its version, as the engine names it
  Instant database_time;  // when it was published
  EngineTrial trial = EngineTrial::malware_in_archives;
  SelfTest self_test = SelfTest::passed;  // said by who asked it, not by the engine
};

enum class ScanResult : std::uint8_t { clean, found, not_scanned };

struct ScanAnswer {
  ScanResult result;
  std::string detail;  // found: the name of the malware; not_scanned: the reason; clean: empty
  // What a finding of it is called, where malware_found or scan_incomplete would say too little.
  std::optional<Code> code = {};
};

// One content on its way to the scanner.
class Scan {
 public:
  virtual ~Scan() = default;
  // The next bytes, in order and in parts of any size.
  virtual Result<void> feed(BytesView part) = 0;
  // Once, after the last part.
  virtual Result<ScanAnswer> finish() = 0;
};

enum class Knowledge : std::uint8_t { nothing, clean };

// Several scans can be under way at the same time, from several threads.
class Scanner {
 public:
  virtual ~Scanner() = default;
  virtual Result<EngineInfo> info() = 0;
  virtual Result<std::unique_ptr<Scan>> begin() = 0;
  // What is known of a content before it is shown. `clean`: this engine called it so, with this version and
  // this database.
  virtual Result<Knowledge> knows(const FileDigest& /*content*/) { return Knowledge::nothing; }
};

// An engine that said what it is.
struct Engine {
  Scanner* scanner;
  EngineInfo info;
};

// A whole content in memory.
inline Result<ScanAnswer> scan_content(Scanner& scanner, BytesView content) {
  const auto scan = TRY(scanner.begin());
  TRY(scan->feed(content));
  return scan->finish();
}

}  // namespace sallyport
