// SPDX-License-Identifier: Apache-2.0
// Which signatures a clamd goes by that has none with a version (an operator's own database only): found
// through the process that listens on the socket, its configuration file and the files of its database
// folder.
#pragma once

#include <string>

#include "core/base/time.h"

namespace sallyport {

struct ClamdDatabase {
  std::string version;  // "own:" and the SHA-256 over the names and contents of the files
  Instant time;         // of the newest file
};

// scanner_failed when it cannot be found out, or when there is no signature file at all.
Result<ClamdDatabase> find_clamd_database(int process);

// The parts, as functions of files alone.
Result<std::string> database_folder_of(const std::string& configuration_file);
Result<ClamdDatabase> read_clamd_database(const std::string& folder);

}  // namespace sallyport
