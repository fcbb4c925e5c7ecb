// SPDX-License-Identifier: Apache-2.0
// Whether a scanner's "clean" can be believed at all, asked before every intake. A scanner that runs with an
// empty database, or that hides where it did not look, answers "clean" to everything; it is found out here
// and gives no verdict.
//
// Refuses (scanner_failed, naming the setting to change) unless the scanner
//   finds the EICAR test file, plain and inside of a ZIP archive
//   does not call clean what lies deeper than it unpacks: EICAR in more nested archives than any limit allows
//   does not call clean what it cannot read: an encrypted member
#pragma once

#include "adapters/scanner/port.h"

namespace sallyport::intake {

Result<void> check_scanner(Scanner& scanner);

}  // namespace sallyport::intake
