// SPDX-License-Identifier: Apache-2.0
// A bundle (docs/spec/bundle.md), verified away from any node: its metadata fits itself from its first root to the last
// target and is current; its policy is the one given; every verdict, order, proof and package in it passes the checks
// that a node makes. Whether its roots are those of a node, and nothing is older than what that node has seen, only the
// node can say.
#pragma once

#include "roles/auditor/verify.h"

namespace sallyport::auditor {

Result<Verification> verify_bundle(const ByteSource& file, const Policy& policy, Instant at,
                                   Workers& workers);

}  // namespace sallyport::auditor
