// SPDX-License-Identifier: Apache-2.0
// A malware scanner: contents go in, one answer a content comes out. docs/spec/scanner.md.
//
// An answer is about every byte of the content that was handed over, or it is not an answer: an engine that
// stopped early, met a limit or could not look inside says not_scanned, and nobody takes that for clean. An
// engine that does not answer at all is a fault (scanner_unreachable, scanner_failed), never a verdict.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "core/base/bytes.h"
#include "core/base/time.h"

namespace sallyport {

struct EngineInfo {
  std::string engine;     // "clamd"
  std::string version;    // "ClamAV 1.4.6"
  std::string database;   // its version, as the engine names it
  Instant database_time;  // when it was published
};

enum class ScanResult : std::uint8_t { clean, found, not_scanned };

struct ScanAnswer {
  ScanResult result;
  std::string detail;  // found: the name of the malware; not_scanned: the reason; clean: empty
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

// Several scans can be under way at the same time, from several threads.
class Scanner {
 public:
  virtual ~Scanner() = default;
  virtual Result<EngineInfo> info() = 0;
  virtual Result<std::unique_ptr<Scan>> begin() = 0;
};

// A whole content in memory.
inline Result<ScanAnswer> scan_content(Scanner& scanner, BytesView content) {
  const auto scan = TRY(scanner.begin());
  TRY(scan->feed(content));
  return scan->finish();
}

}  // namespace sallyport
