// SPDX-License-Identifier: Apache-2.0
// What clamd says, read strictly. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "adapters/scanner/port.h"

namespace sallyport {

// The answer to zINSTREAM, without its final NUL:
//   stream: OK                                       clean
//   stream: NAME FOUND                               found; not_scanned when NAME is one of the engine's own
//                                                    names for limits and encryption
//   stream: Time limit reached ERROR                 not_scanned
//   INSTREAM size limit exceeded. ERROR              not_scanned
// Everything else is scanner_failed: an answer that is not understood is no answer.
Result<ScanAnswer> parse_scan_reply(std::string_view reply);

// The answer to zFILDES: the first three of these, with `fd[N]` in place of `stream`. Nothing where clamd could not
// read what it was passed (`fd[N]: ... ERROR` and other errors): then it has to be asked in another way.
Result<std::optional<ScanAnswer>> parse_descriptor_reply(std::string_view reply);

struct ClamdVersion {
  std::string engine;                    // "ClamAV 1.4.6"
  std::string database;                  // "27000"; empty when clamd has no database with a version
  std::optional<Instant> database_time;  // present if and only if the database has a version
};

// The answer to zVERSION: `ClamAV 1.4.6` or `ClamAV 1.4.6/27000/Thu Nov  5 09:12:44 2026`. The time has no
// zone; it is read as UTC.
Result<ClamdVersion> parse_version_reply(std::string_view reply);

}  // namespace sallyport
