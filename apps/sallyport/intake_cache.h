// SPDX-License-Identifier: Apache-2.0
// The files of --cache: one for each engine that is relayed. docs/spec/scanner.md, *Seen before*.
#pragma once

#include <string>
#include <vector>

#include "roles/operator/apart.h"

namespace sallyport::cli {

// Fills in what each engine called clean before. A file that is not there is an engine that knows nothing.
Result<void> load_scans(const std::string& folder, const PublicKey& key,
                        std::vector<intake::ApartScanner>& scanners);

// Writes what is known now, in the place of what was.
Result<void> save_scans(const std::string& folder, Signer& signer,
                        const std::vector<intake::ApartScanner>& scanners,
                        const std::vector<intake::KnownClean>& clean);

}  // namespace sallyport::cli
