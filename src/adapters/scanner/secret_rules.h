// SPDX-License-Identifier: Apache-2.0
// The rules of share/secrets.yar, as they were when this program was built.
#pragma once

#include <string>

#include "adapters/scanner/yara.h"

namespace sallyport {

// They describe forms, not samples, and do not age: their time is that of the scan.
YaraRules secret_rules(Instant now);

std::string secret_rules_text();  // made from the file by the build

}  // namespace sallyport
