// SPDX-License-Identifier: Apache-2.0
// Who looks at the packages of this server, tried before each one.
#pragma once

#include <string>
#include <vector>

#include "adapters/scanner/yara.h"
#include "roles/operator/apart.h"
#include "roles/server/settings.h"

namespace sallyport::sallyportd {

Result<std::vector<intake::ApartScanner>> open_engines(const server::Settings& settings, Instant now);

// One alone: it answers, and its clean can be believed.
Result<intake::ApartScanner> open_clamd(const std::string& socket, Instant now);
Result<intake::ApartScanner> open_service(const std::string& socket, Instant now);
// One rule set, as old as the oldest of its files. They are the operator's own.
Result<YaraRules> read_rules(const std::vector<std::string>& paths, Instant now);

}  // namespace sallyport::sallyportd
