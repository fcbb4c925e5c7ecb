// SPDX-License-Identifier: Apache-2.0
// The folder of a scan cache: docs/spec/scanner.md, *Seen before*.
#pragma once

#include <string>

#include "roles/operator/scan_files.h"

namespace sallyport::cli {

// file_missing where there is none.
Result<intake::ScanFolder> open_scan_folder(const std::string& path);

}  // namespace sallyport::cli
