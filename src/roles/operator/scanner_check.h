// SPDX-License-Identifier: Apache-2.0
// Whether a scanner's "clean" can be believed at all, asked before every intake. A scanner that runs with an
// empty database, or that hides where it did not look, answers "clean" to everything; it is found out here
// and gives no verdict.
//
// Refuses (scanner_failed, naming the setting to change) unless the scanner
//   does not pass over the plain EICAR test file as what it cannot scan
//   finds it inside of a ZIP archive
//   does not call clean what lies deeper than it unpacks: EICAR in more nested archives than any limit allows
//   does not call clean what it cannot read: an encrypted member
// An engine that says that it opens no archives (EngineTrial::malware) has to find the plain one only.
#pragma once

#include "adapters/scanner/port.h"

namespace sallyport::intake {

// SelfTest::finds_nothing, and no refusal, when it calls the plain one clean: then there is a verdict, and it is not
// clean.
Result<SelfTest> check_scanner(Scanner& scanner, EngineTrial trial = EngineTrial::malware_in_archives);

// What an engine says of itself; scanner_failed when its clean cannot be believed, or when its database is from
// after `now`.
Result<Engine> ready_engine(Scanner& scanner, Instant now);

}  // namespace sallyport::intake
